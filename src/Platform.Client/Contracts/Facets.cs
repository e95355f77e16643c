using System.Text.Json;

namespace Platform.Client.Contracts;

/// <summary>Asks how often each value of a field occurs.</summary>
public sealed record FacetSpec
{
    /// <summary>A declared field of the index that is not <c>stored</c>.</summary>
    public required string Field { get; init; }

    /// <summary>How many values, the most frequent first, 1 to 1,000.</summary>
    public int Top { get; set; } = 10;
}

/// <summary>How often values of a field occur among the documents that a search matches: those with a term of the query, or with a vector, within the filter.</summary>
public sealed record Facet
{
    /// <summary>The field.</summary>
    public required string Field { get; init; }

    /// <summary>The most frequent values; equally frequent ones ascending. Exact, whatever the number of shards.</summary>
    public required IReadOnlyList<FacetValue> Values { get; init; }

    /// <summary>How many different values there are in all; more than 10,000 are refused.</summary>
    public required int Distinct { get; init; }
}

/// <summary>One value of a facet.</summary>
/// <param name="Value">A string, a number, true or false; a date as a string.</param>
/// <param name="Count">Documents that have it.</param>
public sealed record FacetValue(JsonElement Value, long Count);

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

/// <summary>Body of <c>POST /v1/indexes/{index}/documents/count</c>.</summary>
public sealed record CountRequest
{
    /// <summary>Which documents; null for all.</summary>
    public Filter? Filter { get; init; }
}

/// <summary>Answer to a <see cref="CountRequest"/>.</summary>
public sealed record CountResponse
{
    /// <summary>Documents that match.</summary>
    public required long Count { get; init; }

    /// <summary>Whether every shard answered.</summary>
    public required Coverage Coverage { get; init; }
}

/// <summary>Body of <c>POST /v1/indexes/{index}/documents/delete</c>.</summary>
public sealed record DeleteRequest
{
    /// <summary>Which documents.</summary>
    public required Filter Filter { get; init; }
}

/// <summary>Answer to a <see cref="DeleteRequest"/>.</summary>
public sealed record DeleteResponse
{
    /// <summary>Documents that were deleted, durably; each matched at that moment.</summary>
    public required long Deleted { get; init; }
}
