using Platform.Abstractions.Records;

namespace Platform.Abstractions.Grains;

/// <summary>One shard of an index; owns its log and segments. Key: see <see cref="ShardKey"/>, for example <c>acme/articles/1/3</c>.</summary>
/// <remarks>Reads see every acknowledged write, never wait for one, and interleave.</remarks>
[Alias("shard"), GrainInterfaceType("shard")]
public interface IShardGrain : IGrainWithStringKey
{
    /// <summary>Applies operations, packed as <c>Platform.Indexing.Shards.ShardBatch</c> says, and returns one <see cref="ItemStatus"/> byte an operation once all are durable.</summary>
    /// <remarks>Idempotent by operation id. A fault or a timeout is an unknown outcome: send the same bytes again.</remarks>
    [Alias("apply"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    Task<ReadOnlyMemory<byte>> ApplyAsync(ShardWrite write, CancellationToken cancellationToken);

    /// <summary>Live counts of some terms; summed over all shards they give the index's statistics.</summary>
    [Alias("count-terms"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<TermCounts> CountTermsAsync(string[] terms, CancellationToken cancellationToken);

    /// <summary>The <c>query.Top</c> best documents, best first, ties by ascending document key.</summary>
    [Alias("search"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<ShardHits> SearchAsync(ShardQuery query, CancellationToken cancellationToken);

    /// <summary>Stored bytes and explanations.</summary>
    [Alias("fetch"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<FetchReply> FetchAsync(FetchCall fetch, CancellationToken cancellationToken);

    /// <summary>The shard's figures.</summary>
    [Alias("report"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    Task<ShardReport> ReportAsync(CancellationToken cancellationToken);

    /// <summary>Copies everything acknowledged so far into the index's snapshots, and says what they need of it: a <c>ShardSnapshot</c> of Platform.Indexing as JSON.</summary>
    /// <remarks>Writes go on meanwhile.</remarks>
    [Alias("snapshot"), AlwaysInterleave, ResponseTimeout("01:00:00")]
    Task<ReadOnlyMemory<byte>> SnapshotAsync(CancellationToken cancellationToken);

    /// <summary>Deletes the shard's data. Safe to repeat.</summary>
    [Alias("destroy")]
    Task DestroyAsync(CancellationToken cancellationToken);
}
