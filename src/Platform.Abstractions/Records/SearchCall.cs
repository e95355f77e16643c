namespace Platform.Abstractions.Records;

/// <summary>A search of a whole index: text, or given vectors.</summary>
[GenerateSerializer, Immutable, Alias("search-call")]
public sealed record SearchCall
{
    /// <summary>The query's text, for the index's encoder; or null.</summary>
    [Id(0)]
    public string? Text { get; init; }

    /// <summary>A given sparse query; or null.</summary>
    [Id(1)]
    public PackedSparseVector? Sparse { get; init; }

    /// <summary>How many hits.</summary>
    [Id(2)]
    public required int Top { get; init; }

    /// <summary>How many best hits to leave out.</summary>
    [Id(3)]
    public int Offset { get; init; }

    /// <summary>Whether hits carry their stored bytes.</summary>
    [Id(4)]
    public bool WithStored { get; init; }

    /// <summary>Whether hits carry the terms that matched.</summary>
    [Id(5)]
    public bool Explain { get; init; }

    /// <summary>Time for the whole query.</summary>
    [Id(6)]
    public required TimeSpan Deadline { get; init; }

    /// <summary>How far from exact a sparse answer may be; null for exact.</summary>
    [Id(7)]
    public PruningFactors? Pruning { get; init; }

    /// <summary>A given dense query; or null.</summary>
    [Id(16)]
    public PackedDenseVector? Dense { get; init; }

    /// <summary>Which legs it has.</summary>
    [Id(17)]
    public SearchMode Mode { get; init; }

    /// <summary>How the legs of a hybrid search are put together; null for the default.</summary>
    [Id(18)]
    public Fusion? Fusion { get; init; }

    /// <summary>The only documents that may be found; null for all.</summary>
    [Id(32)]
    public FilterNode? Filter { get; init; }

    /// <summary>Facets to count over all documents that the search matches; null for none.</summary>
    [Id(33)]
    public FacetWanted[]? Facets { get; init; }

    /// <summary>The order of the hits, instead of the best first; null for the best first.</summary>
    [Id(34)]
    public FieldOrder? Order { get; init; }

    /// <summary>Groups the hits by the values of a field: <see cref="Top"/> and <see cref="Offset"/> count groups then. Null for no groups.</summary>
    [Id(35)]
    public Grouping? Grouping { get; init; }

    /// <summary>Pieces of title and text to return of each hit; null for none.</summary>
    [Id(36)]
    public HighlightWanted? Highlight { get; init; }
}

/// <summary>The merged answer of an index.</summary>
[GenerateSerializer, Immutable, Alias("search-answer")]
public sealed record SearchAnswer
{
    /// <summary>Best first; equal scores by ascending document key.</summary>
    [Id(0)]
    public required FoundDocument[] Hits { get; init; }

    /// <summary>Which shards answered.</summary>
    [Id(1)]
    public required ShardCoverage Coverage { get; init; }

    /// <summary>What a sparse search took, summed over the shards that answered; else null.</summary>
    [Id(2)]
    public SparseWork? Work { get; init; }

    /// <summary>The facets, in the order asked; the most frequent values first, equally frequent ones ascending. Null if none were asked for.</summary>
    [Id(32)]
    public FacetCounts[]? Facets { get; init; }
}

/// <summary>One hit with what was asked for.</summary>
[GenerateSerializer, Immutable, Alias("found-document")]
public sealed record FoundDocument
{
    /// <summary>The tenant's key.</summary>
    [Id(0)]
    public required string DocumentKey { get; init; }

    /// <summary>Inner product of query and document; of a hybrid search the fused score; 0 in the order of a field.</summary>
    [Id(1)]
    public required double Score { get; init; }

    /// <summary>The stored JSON object, if asked for and still there.</summary>
    [Id(2)]
    public byte[]? Stored { get; init; }

    /// <summary>The terms that matched, largest contribution first, if asked for.</summary>
    [Id(3)]
    public TermMatch[]? Matches { get; init; }

    /// <summary>Of a hybrid search: where each leg found it, if asked for.</summary>
    [Id(16)]
    public LegPlace[]? Legs { get; init; }

    /// <summary>Of a search in the order of a field, or grouped by one: the document with its value.</summary>
    [Id(32)]
    public DocumentValue? Value { get; init; }

    /// <summary>Where its matched terms stand, if asked for.</summary>
    [Id(33)]
    public Highlight[]? Highlights { get; init; }
}

/// <summary>What one term adds to a score.</summary>
/// <param name="Term">The analysed term, or a term id in decimal digits.</param>
/// <param name="QueryWeight">Its weight in the query.</param>
/// <param name="DocumentWeight">Its weight in the document.</param>
[GenerateSerializer, Immutable, Alias("term-match")]
public readonly record struct TermMatch(
    [property: Id(0)] string Term, [property: Id(1)] double QueryWeight, [property: Id(2)] double DocumentWeight);

/// <summary>How many shards were asked, and which of them are missing.</summary>
/// <param name="Asked">Shards of the index.</param>
/// <param name="Failed">Those that failed or were late.</param>
[GenerateSerializer, Immutable, Alias("shard-coverage")]
public sealed record ShardCoverage([property: Id(0)] int Asked, [property: Id(1)] MissingShard[] Failed);

/// <summary>A shard that is missing from an answer.</summary>
/// <param name="Ordinal">Its number within the index.</param>
/// <param name="Reason">Why, in one line.</param>
[GenerateSerializer, Immutable, Alias("missing-shard")]
public readonly record struct MissingShard([property: Id(0)] int Ordinal, [property: Id(1)] string Reason);
