namespace Platform.Abstractions.Records;

/// <summary>A query as one shard sees it: lexical terms with the whole index's statistics, or a sparse vector, or a dense one.</summary>
[GenerateSerializer, Immutable, Alias("shard-query")]
public sealed record ShardQuery
{
    /// <summary>Lexical terms with their weights; or null.</summary>
    [Id(0)]
    public LexicalQueryTerms? Lexical { get; init; }

    /// <summary>A given sparse query; or null.</summary>
    [Id(1)]
    public PackedSparseVector? Sparse { get; init; }

    /// <summary>How many best documents, counted from the first.</summary>
    [Id(2)]
    public required int Top { get; init; }

    /// <summary>The weight of one impact step of a document; counts for sparse queries.</summary>
    [Id(3)]
    public double SparseScale { get; init; }

    /// <summary>How far from exact a sparse answer may be; null for exact.</summary>
    [Id(4)]
    public PruningFactors? Pruning { get; init; }

    /// <summary>A dense query; or null.</summary>
    [Id(16)]
    public PackedDenseVector? Dense { get; init; }

    /// <summary>The only documents that may be found; null for all.</summary>
    [Id(32)]
    public FilterNode? Filter { get; init; }

    /// <summary>The field whose values come with the hits; null for none.</summary>
    [Id(33)]
    public Grouping? Grouping { get; init; }
}

/// <summary>A BM25 query: the same on every shard, so that a score does not depend on the shard.</summary>
[GenerateSerializer, Immutable, Alias("lexical-terms")]
public sealed record LexicalQueryTerms
{
    /// <summary>Analysed terms, each once, ascending by code unit; contributions are added in this order.</summary>
    [Id(0)]
    public required string[] Terms { get; init; }

    /// <summary>Inverse document frequency times count in the query, one a term.</summary>
    [Id(1)]
    public required double[] Weights { get; init; }

    /// <summary>Mean length over the live documents of the whole index, in terms.</summary>
    [Id(2)]
    public required double AverageLength { get; init; }

    /// <summary>Term-frequency saturation.</summary>
    [Id(3)]
    public required double K1 { get; init; }

    /// <summary>Strength of length normalisation.</summary>
    [Id(4)]
    public required double B { get; init; }
}

/// <summary>A shard's live counts for some terms.</summary>
[GenerateSerializer, Immutable, Alias("term-counts")]
public sealed record TermCounts
{
    /// <summary>Live documents that have text.</summary>
    [Id(0)]
    public required long Documents { get; init; }

    /// <summary>Sum of their lengths, in terms.</summary>
    [Id(1)]
    public required long TotalLength { get; init; }

    /// <summary>Live documents that hold each asked term, in the order asked.</summary>
    [Id(2)]
    public required long[] DocumentFrequencies { get; init; }
}

/// <summary>A shard's best documents, packed.</summary>
[GenerateSerializer, Immutable, Alias("shard-hits")]
public sealed record ShardHits
{
    /// <summary>As <c>HitPacking</c> says; best first.</summary>
    [Id(0)]
    public required ReadOnlyMemory<byte> Packed { get; init; }

    /// <summary>What a sparse search took; else null.</summary>
    [Id(1)]
    public SparseWork? Work { get; init; }

    /// <summary>The hits with their values of the field that the query groups by; null if it does not.</summary>
    [Id(32)]
    public DocumentValue[]? Values { get; init; }
}

/// <summary>Asks a shard for stored bytes and explanations of some of its documents.</summary>
[GenerateSerializer, Immutable, Alias("fetch-call")]
public sealed record FetchCall
{
    /// <summary>The documents.</summary>
    [Id(0)]
    public required string[] DocumentKeys { get; init; }

    /// <summary>Whether to return stored bytes.</summary>
    [Id(1)]
    public required bool WithStored { get; init; }

    /// <summary>The query to explain; or null.</summary>
    [Id(2)]
    public ShardQuery? Explain { get; init; }
}

/// <summary>What a shard knows of the asked documents, in the order asked.</summary>
[GenerateSerializer, Immutable, Alias("fetch-reply")]
public sealed record FetchReply
{
    /// <summary>One entry a key.</summary>
    [Id(0)]
    public required FetchedDocument[] Documents { get; init; }
}

/// <summary>One fetched document.</summary>
/// <param name="Exists">False if the shard has no such document now.</param>
/// <param name="Stored">The stored JSON object, if asked for.</param>
/// <param name="Matches">The terms that matched, in the query's order, if asked for.</param>
[GenerateSerializer, Immutable, Alias("fetched-document")]
public sealed record FetchedDocument(
    [property: Id(0)] bool Exists, [property: Id(1)] byte[]? Stored, [property: Id(2)] TermMatch[]? Matches);
