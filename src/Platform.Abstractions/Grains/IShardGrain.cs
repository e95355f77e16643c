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

    /// <summary>How many documents match a filter; null counts all.</summary>
    [Alias("count"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<long> CountAsync(FilterNode? filter, CancellationToken cancellationToken);

    /// <summary>How often each value of some fields occurs among the documents that a search matches.</summary>
    [Alias("count-facets"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<FacetReply> CountFacetsAsync(FacetCall facets, CancellationToken cancellationToken);

    /// <summary>The first documents that a search matches in the order of a field.</summary>
    [Alias("search-sorted"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<SortReply> SearchSortedAsync(SortCall sort, CancellationToken cancellationToken);

    /// <summary>Deletes some of the documents that match a filter, at most so many; they match at the moment of their deletion, which is durable.</summary>
    /// <returns>How many were deleted; fewer than asked for means that none matches any more.</returns>
    /// <exception cref="PlatformException">As of <see cref="ApplyAsync"/>.</exception>
    [Alias("delete-matching"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<int> DeleteMatchingAsync(FilterNode filter, int most, CancellationToken cancellationToken);

    /// <summary>Replaces what is stored of a document, and its fields; what its encoder made stays as it is.</summary>
    /// <exception cref="PlatformException">As of <see cref="ApplyAsync"/>.</exception>
    [Alias("patch"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<PatchStatus> PatchAsync(PatchCall patch, CancellationToken cancellationToken);

    /// <summary>Stored bytes and explanations.</summary>
    [Alias("fetch"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<FetchReply> FetchAsync(FetchCall fetch, CancellationToken cancellationToken);

    /// <summary>The shard's figures.</summary>
    [Alias("report"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    Task<ShardReport> ReportAsync(CancellationToken cancellationToken);

    /// <summary>Fixes what the shard holds, and acknowledges nothing more until <see cref="ReleaseWritesAsync"/>, 10 s at most.</summary>
    /// <param name="cut">Names the moment; a cut of another name that goes on is given up.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PlatformException"><see cref="FaultKind.Unavailable"/>.</exception>
    [Alias("hold-writes"), AlwaysInterleave, ResponseTimeout("00:02:00")]
    Task HoldWritesAsync(string cut, CancellationToken cancellationToken);

    /// <summary>Lets writes go on; false if they were not held until now, so that the cut does not go with those of other shards.</summary>
    /// <param name="cut">The one of <see cref="HoldWritesAsync"/>.</param>
    /// <param name="copies">Whether to begin to copy what the shard held; if not, the cut is given up, and a copy that goes on ends.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Alias("release-writes"), AlwaysInterleave]
    Task<bool> ReleaseWritesAsync(string cut, bool copies, CancellationToken cancellationToken);

    /// <summary>How far the copy of a cut is; waits a second for its end.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.Unavailable"/> if there is no such cut any more, or copying failed: cut again.</exception>
    [Alias("copied"), AlwaysInterleave]
    Task<CopyReport> CopiedAsync(string cut, CancellationToken cancellationToken);

    /// <summary>What the sparse part holds, and its terms above one: some tens of thousands; ask again above the last for more.</summary>
    [Alias("measure-sparse"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<SparseReport> MeasureSparseAsync(int afterTerm, CancellationToken cancellationToken);

    /// <summary>How many documents have each of some sparse terms.</summary>
    [Alias("count-sparse-terms"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<SparseTermFrequencies> CountSparseTermsAsync(int[] termIds, CancellationToken cancellationToken);

    /// <summary>The shard's next documents in key order.</summary>
    [Alias("scroll"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<ScrollPage> ScrollAsync(ScrollCall scroll, CancellationToken cancellationToken);

    /// <summary>Puts all that is acknowledged into segments, while writes go on.</summary>
    [Alias("seal"), AlwaysInterleave, ResponseTimeout("00:10:00")]
    Task SealAsync(CancellationToken cancellationToken);

    /// <summary>Ends writing on behalf of an operation: what was queued is applied, the rest refused as <see cref="FaultKind.WrongShard"/>. Safe to repeat.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.Conflict"/>: another operation has retired it.</exception>
    [Alias("retire"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task RetireAsync(string operation, CancellationToken cancellationToken);

    /// <summary>Takes writes again. Safe to repeat.</summary>
    [Alias("revive"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task ReviveAsync(CancellationToken cancellationToken);

    /// <summary>Rewrites what it shares with replaced shards, while writes go on.</summary>
    [Alias("compact"), AlwaysInterleave, ResponseTimeout("01:00:00")]
    Task CompactAsync(CancellationToken cancellationToken);

    /// <summary>Seals, then leaves for another silo as soon as the calls under way have ended; those that come meanwhile follow it.</summary>
    /// <param name="silo">Its address and port, as <see cref="ShardReport.Silo"/> gives it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PlatformException"><see cref="FaultKind.NotFound"/>: no such silo can hold shards.</exception>
    [Alias("move"), AlwaysInterleave, ResponseTimeout("00:10:00")]
    Task MoveAsync(string silo, CancellationToken cancellationToken);

    /// <summary>Deletes the shard's data. Safe to repeat.</summary>
    [Alias("destroy")]
    Task DestroyAsync(CancellationToken cancellationToken);
}
