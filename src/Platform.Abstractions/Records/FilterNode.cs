namespace Platform.Abstractions.Records;

/// <summary>A condition on the declared fields of a document, or a combination of conditions; checked against the index's declaration where it came in.</summary>
[GenerateSerializer, Immutable, Alias("filter-node")]
public sealed record FilterNode
{
    /// <summary>What it is.</summary>
    [Id(0)]
    public required FilterKind Kind { get; init; }

    /// <summary>Of <see cref="FilterKind.And"/>, <see cref="FilterKind.Or"/> and <see cref="FilterKind.Not"/>: what they combine.</summary>
    [Id(1)]
    public FilterNode[] Children { get; init; } = [];

    /// <summary>Of a condition: the field.</summary>
    [Id(2)]
    public string Field { get; init; } = "";

    /// <summary>Of a condition: whether the field holds strings.</summary>
    [Id(3)]
    public bool IsWords { get; init; }

    /// <summary>Of <see cref="FilterKind.In"/> on strings: the strings; of <see cref="FilterKind.Prefix"/> the one prefix.</summary>
    [Id(4)]
    public string[] Words { get; init; } = [];

    /// <summary>Of <see cref="FilterKind.In"/> on other values: the values; of <see cref="FilterKind.Range"/> the least and the largest, as <see cref="FieldScalars"/> says.</summary>
    [Id(5)]
    public long[] Scalars { get; init; } = [];
}

/// <summary>What a filter's node is.</summary>
[GenerateSerializer, Alias("filter-kind")]
public enum FilterKind
{
    /// <summary>Every child matches.</summary>
    And,

    /// <summary>A child matches.</summary>
    Or,

    /// <summary>The one child does not match.</summary>
    Not,

    /// <summary>The field has one of the values.</summary>
    In,

    /// <summary>The field's value lies between two, both included.</summary>
    Range,

    /// <summary>The field has a string that begins with a prefix.</summary>
    Prefix,

    /// <summary>The field has a value.</summary>
    Exists,
}
