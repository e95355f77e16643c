namespace Platform.Indexing.Shards;

/// <summary>What a shard holds at one moment.</summary>
public sealed record ShardFigures
{
    /// <summary>Searchable documents.</summary>
    public required long Documents { get; init; }

    /// <summary>Replaced or deleted documents that no merge has dropped yet.</summary>
    public required long DeletedDocuments { get; init; }

    /// <summary>Lexical and sparse postings, deleted documents' included.</summary>
    public required long Postings { get; init; }

    /// <summary>Dense vectors, deleted documents' included.</summary>
    public required long Vectors { get; init; }

    /// <summary>Live documents that have text.</summary>
    public required long TextDocuments { get; init; }

    /// <summary>Sum of their lengths, in terms.</summary>
    public required long TotalLength { get; init; }

    /// <summary>Sealed segments.</summary>
    public required int Segments { get; init; }

    /// <summary>Bytes of sealed segments.</summary>
    public required long SegmentBytes { get; init; }

    /// <summary>Bytes of log in no segment yet.</summary>
    public required long LogBytes { get; init; }

    /// <summary>The folders, beside the shard's, whose segments it still borrows.</summary>
    public IReadOnlyList<string> BorrowedFrom { get; init; } = [];

    /// <summary>The operation that the shard is retired by: it takes no writes. Null while it does.</summary>
    public string? RetiredBy { get; init; }
}
