namespace Platform.Abstractions.Records;

/// <summary>One shard's figures.</summary>
[GenerateSerializer, Immutable, Alias("shard-report")]
public sealed record ShardReport
{
    /// <summary>The shard's number within its index.</summary>
    [Id(0)]
    public required int Ordinal { get; init; }

    /// <summary>The silo that serves it, as address and port.</summary>
    [Id(1)]
    public required string Silo { get; init; }

    /// <summary>How often its ownership has passed on.</summary>
    [Id(2)]
    public required long Epoch { get; init; }

    /// <summary>Searchable documents.</summary>
    [Id(3)]
    public required long Documents { get; init; }

    /// <summary>Replaced or deleted documents not yet dropped.</summary>
    [Id(4)]
    public required long DeletedDocuments { get; init; }

    /// <summary>Lexical and sparse postings.</summary>
    [Id(5)]
    public required long Postings { get; init; }

    /// <summary>Live documents that have text.</summary>
    [Id(6)]
    public required long TextDocuments { get; init; }

    /// <summary>Sum of their lengths, in terms.</summary>
    [Id(7)]
    public required long TotalLength { get; init; }

    /// <summary>Sealed segments.</summary>
    [Id(8)]
    public required int Segments { get; init; }

    /// <summary>Bytes of sealed segments.</summary>
    [Id(9)]
    public required long SegmentBytes { get; init; }

    /// <summary>Bytes of the log that are not yet in a segment.</summary>
    [Id(10)]
    public required long LogBytes { get; init; }

    /// <summary>Ordinals of replaced shards whose segments it still uses.</summary>
    [Id(11)]
    public int[] BorrowedFrom { get; init; } = [];

    /// <summary>The operation that replaces it: it is read and takes no writes. Null while it takes them.</summary>
    [Id(12)]
    public string? RetiredBy { get; init; }

    /// <summary>Searches and fetches a second, over the last ten seconds or so.</summary>
    [Id(13)]
    public double ReadsPerSecond { get; init; }

    /// <summary>Dense vectors, deleted documents' included.</summary>
    [Id(16)]
    public long Vectors { get; init; }
}

/// <summary>The figures of an index.</summary>
/// <param name="Shards">Each answering shard by ascending ordinal.</param>
/// <param name="Coverage">Which shards answered.</param>
[GenerateSerializer, Immutable, Alias("index-report")]
public sealed record IndexReport([property: Id(0)] ShardReport[] Shards, [property: Id(1)] ShardCoverage Coverage);
