namespace Platform.Client.Contracts;

/// <summary>An order by a declared field. Documents without a value come last, equal values by ascending id.</summary>
public sealed record SortSpec
{
    /// <summary>A field of type <c>keyword</c> (by bytes of UTF-8), <c>number</c>, <c>date</c> or <c>boolean</c> (false first).</summary>
    public required string Field { get; init; }

    /// <summary><c>asc</c> or <c>desc</c>.</summary>
    public string Order { get; set; } = "asc";
}

/// <summary>Groups of hits that have one value of a field in common, for example the passages of one document. Documents without a value are not found.</summary>
public sealed record GroupSpec
{
    /// <summary>A field of type <c>keyword</c>, <c>number</c>, <c>date</c> or <c>boolean</c>.</summary>
    public required string Field { get; init; }

    /// <summary>How many best documents of each group, 1 to 10.</summary>
    public int Size { get; set; } = 1;
}
