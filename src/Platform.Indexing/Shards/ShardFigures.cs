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

    /// <summary>Of a shard's state, read while it does not change.</summary>
    internal static ShardFigures Of(ShardState state, ShardWriter writer) => new()
    {
        Documents = state.Segments.Sum(segment => (long)segment.DocumentCount - segment.Deleted.Count),
        DeletedDocuments = state.Segments.Sum(segment => (long)segment.Deleted.Count) - state.Sealed.Sum(segment => (long)segment.HiddenCount),
        Postings = state.Segments.Sum(segment => segment.PostingCount),
        Vectors = state.Segments.Sum(segment => (long)(segment.Vectors?.Count ?? 0)),
        TextDocuments = state.Segments.Sum(segment => segment.TextDocuments),
        TotalLength = state.Segments.Sum(segment => segment.TotalLength),
        Segments = state.Sealed.Count,
        SegmentBytes = state.Sealed.Sum(segment => segment.FileBytes),
        LogBytes = writer.UnsealedBytes,
        BorrowedFrom = [.. state.Sealed.Select(segment => segment.Folder).OfType<string>().Distinct(StringComparer.Ordinal)],
        RetiredBy = writer.RetiredBy,
    };
}
