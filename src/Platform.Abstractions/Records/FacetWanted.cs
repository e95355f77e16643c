namespace Platform.Abstractions.Records;

/// <summary>Asks how often each value of a field occurs among the documents that a search matches.</summary>
/// <param name="Field">The field.</param>
/// <param name="IsWords">Whether it holds strings.</param>
/// <param name="Top">How many values, the most frequent first.</param>
[GenerateSerializer, Immutable, Alias("facet-wanted")]
public sealed record FacetWanted([property: Id(0)] string Field, [property: Id(1)] bool IsWords, [property: Id(2)] int Top);

/// <summary>Asks a shard for facets.</summary>
[GenerateSerializer, Immutable, Alias("facet-call")]
public sealed record FacetCall
{
    /// <summary>The legs of the search; documents that any of them matches count. Their filters count, too.</summary>
    [Id(0)]
    public required ShardQuery[] Queries { get; init; }

    /// <summary>The fields.</summary>
    [Id(1)]
    public required FacetWanted[] Fields { get; init; }
}

/// <summary>A shard's counts: one entry a field, in the order asked.</summary>
[GenerateSerializer, Immutable, Alias("facet-reply")]
public sealed record FacetReply
{
    /// <summary>All values with their counts, in no order.</summary>
    [Id(0)]
    public required FacetCounts[] Fields { get; init; }

    /// <summary>Why there are no counts; null if there are.</summary>
    [Id(1)]
    public string? Fault { get; init; }
}

/// <summary>Values of a field, each with the documents that have it: parallel lists.</summary>
[GenerateSerializer, Immutable, Alias("facet-counts")]
public sealed record FacetCounts
{
    /// <summary>The field.</summary>
    [Id(0)]
    public required string Field { get; init; }

    /// <summary>Of a field of strings: its values; else null.</summary>
    [Id(1)]
    public string[]? Words { get; init; }

    /// <summary>Of any other: its values, as <see cref="FieldScalars"/> says; else null.</summary>
    [Id(2)]
    public long[]? Scalars { get; init; }

    /// <summary>Documents, one number a value.</summary>
    [Id(3)]
    public required long[] Counts { get; init; }

    /// <summary>How many different values there are, those that were not asked for included.</summary>
    [Id(4)]
    public int Distinct { get; init; }
}

/// <summary>How many documents match a filter.</summary>
/// <param name="Documents">Over the shards that answered.</param>
/// <param name="Coverage">Which those are.</param>
[GenerateSerializer, Immutable, Alias("document-count")]
public sealed record DocumentCount([property: Id(0)] long Documents, [property: Id(1)] ShardCoverage Coverage);
