namespace Platform.Indexing.Shards;

/// <summary>Asks for the next documents of a shard in key order.</summary>
/// <param name="After">Documents whose keys are above this, by UTF-8 bytes; null for the first.</param>
/// <param name="Limit">How many at most, at least 1.</param>
/// <param name="MaxBytes">About how many bytes at most; a larger document comes alone.</param>
/// <param name="WithVectors">Whether to read their sparse vectors too.</param>
public sealed record ScrollRequest(string? After, int Limit, long MaxBytes, bool WithVectors);

/// <summary>Some documents of a shard, ascending by key.</summary>
/// <param name="Documents">The documents.</param>
/// <param name="More">Whether there are documents above the last.</param>
public sealed record ShardPage(IReadOnlyList<ShardDocument> Documents, bool More);

/// <summary>A whole document as a shard holds it.</summary>
/// <param name="DocumentKey">Its key.</param>
/// <param name="Stored">Its stored bytes.</param>
/// <param name="TermIds">Its sparse terms, ascending; empty if not asked for.</param>
/// <param name="Impacts">One a term, 1 to 255.</param>
public sealed record ShardDocument(string DocumentKey, byte[] Stored, int[] TermIds, byte[] Impacts);
