using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>Answer of <c>GET /v1/indexes/{index}/statistics</c>: sums over the shards, and each shard.</summary>
public sealed record IndexStatistics
{
    /// <summary>Searchable documents.</summary>
    public required long Documents { get; init; }

    /// <summary>Replaced or deleted documents that a merge has not yet dropped; they never change a score.</summary>
    public required long DeletedDocuments { get; init; }

    /// <summary>Postings, lexical and sparse, those of deleted documents included.</summary>
    public required long Postings { get; init; }

    /// <summary>Dense vectors, those of deleted documents included.</summary>
    public long Vectors { get; init; }

    /// <summary>Mean number of analysed terms a document; 0 without text.</summary>
    public required double AverageLength { get; init; }

    /// <summary>Bytes in the store: segments and log.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>The sparse part; only with <c>?sparse=true</c>, since it asks every shard for all its terms.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SparseIndexStatistics? Sparse { get; init; }

    /// <summary>Each shard by ascending ordinal.</summary>
    public required IReadOnlyList<ShardStatistics> Shards { get; init; }

    /// <summary>Which shards answered; the sums cover only those.</summary>
    public required Coverage Coverage { get; init; }
}

/// <summary>One shard's part of <see cref="IndexStatistics"/>.</summary>
public sealed record ShardStatistics
{
    /// <summary>The shard's number within its index, from 0.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The silo that serves it, as address and port.</summary>
    public required string Silo { get; init; }

    /// <summary>How often its ownership has passed on; it only rises.</summary>
    public required long Epoch { get; init; }

    /// <summary>Searchable documents.</summary>
    public required long Documents { get; init; }

    /// <summary>Replaced or deleted documents not yet dropped.</summary>
    public required long DeletedDocuments { get; init; }

    /// <summary>Lexical and sparse postings.</summary>
    public required long Postings { get; init; }

    /// <summary>Dense vectors.</summary>
    public long Vectors { get; init; }

    /// <summary>Sealed segments.</summary>
    public required int Segments { get; init; }

    /// <summary>Bytes of sealed segments.</summary>
    public required long SegmentBytes { get; init; }

    /// <summary>Bytes of the log that are not yet in a segment.</summary>
    public required long LogBytes { get; init; }
}

/// <summary>How many shards a request asked, and how many of them answered in time.</summary>
public sealed record Coverage
{
    /// <summary>Shards of the index.</summary>
    public required int Asked { get; init; }

    /// <summary>Shards whose answer is included.</summary>
    public required int Answered { get; init; }

    /// <summary>Shards that failed or were late, with the reason; empty for a complete answer.</summary>
    public IReadOnlyList<ShardFailure> Failed { get; set; } = [];

    /// <summary>True if every shard answered.</summary>
    public bool Complete => Answered == Asked;
}

/// <summary>Why a shard is missing from an answer.</summary>
/// <param name="Ordinal">The shard's number within its index.</param>
/// <param name="Reason">One line for a person.</param>
public sealed record ShardFailure(int Ordinal, string Reason);
