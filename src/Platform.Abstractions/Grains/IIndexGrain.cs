using Platform.Abstractions.Records;

namespace Platform.Abstractions.Grains;

/// <summary>The identity of one index: its definition, its shard map, its figures. Key: <c>{tenant}/{index}</c>, see <see cref="IndexKey"/>.</summary>
[Alias("index"), GrainInterfaceType("index")]
public interface IIndexGrain : IGrainWithStringKey
{
    /// <summary>Makes the index real, or, of one that is made of a snapshot, notes that it is being made; called by its tenant's catalogue.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexExists"/>.</exception>
    [Alias("create")]
    Task<IndexDefinition> CreateAsync(NewIndex index, CancellationToken cancellationToken);

    /// <summary>Makes the index of its snapshot, and says how far it is; waits a second for the end. Nobody sees the index before that.</summary>
    /// <param name="operation">The restore, by its id.</param>
    /// <param name="cancellationToken">Gives up waiting; the work goes on.</param>
    /// <exception cref="PlatformException"><see cref="FaultKind.SnapshotDamaged"/>, naming the file: nothing is left of the index;
    /// <see cref="FaultKind.NotFound"/> if no such restore goes on, nor made this index.</exception>
    [Alias("restore")]
    Task<CopyReport> RestoreAsync(string operation, CancellationToken cancellationToken);

    /// <summary>Ends a restore and deletes what it made; false if it made an index, or something else bears the name.</summary>
    [Alias("abandon")]
    Task<bool> AbandonAsync(string operation, CancellationToken cancellationToken);

    /// <summary>The definition, or null if there is no such index.</summary>
    [Alias("get"), AlwaysInterleave]
    Task<IndexDefinition?> GetAsync(CancellationToken cancellationToken);

    /// <summary>Forgets the index, then its shards' data; false if there was none. A crash in between leaves no index, only bytes that the next deletion of the name removes.</summary>
    [Alias("delete")]
    Task<bool> DeleteAsync(CancellationToken cancellationToken);

    /// <summary>The figures of every shard that answers.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>.</exception>
    [Alias("report"), AlwaysInterleave]
    Task<IndexReport> ReportAsync(CancellationToken cancellationToken);

    /// <summary>The shard map, and what each shard says.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>.</exception>
    [Alias("list-shards"), AlwaysInterleave]
    Task<ShardListing> ListShardsAsync(CancellationToken cancellationToken);

    /// <summary>Begins to split one shard, or all of them, into equal ranges; returns once the plan is durable.</summary>
    /// <param name="shard">The shard's ordinal; null for all shards.</param>
    /// <param name="into">How many shards come out: of the one, or in all. A power of two times what there is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>, <see cref="FaultKind.Invalid"/>, <see cref="FaultKind.NotFound"/>;
    /// <see cref="FaultKind.Conflict"/> while another operation runs.</exception>
    [Alias("split")]
    Task<IndexOperation> SplitAsync(int? shard, int into, CancellationToken cancellationToken);

    /// <summary>Begins to merge some neighbours into one, or all shards into fewer; returns once the plan is durable.</summary>
    /// <param name="shards">Ordinals of neighbours; null for all shards.</param>
    /// <param name="into">How many shards come out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PlatformException">As of <see cref="SplitAsync"/>.</exception>
    [Alias("merge")]
    Task<IndexOperation> MergeAsync(int[]? shards, int into, CancellationToken cancellationToken);

    /// <summary>Begins to move shards to other silos.</summary>
    /// <exception cref="PlatformException">As of <see cref="SplitAsync"/>.</exception>
    [Alias("move")]
    Task<IndexOperation> MoveAsync(ShardChange[] moves, CancellationToken cancellationToken);

    /// <summary>The moves that would bring the bytes and loads of the silos closer together, by the index's own shards; none where all is well.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>; <see cref="FaultKind.Unavailable"/> while a shard does not answer.</exception>
    [Alias("plan-balance"), AlwaysInterleave]
    Task<ShardChange[]> PlanBalanceAsync(CancellationToken cancellationToken);

    /// <summary>The running operation, then those that have ended, newest first, at most 20.</summary>
    [Alias("list-operations"), AlwaysInterleave]
    Task<IndexOperation[]> ListOperationsAsync(CancellationToken cancellationToken);

    /// <summary>Asks a running operation to end: a change that is not switched yet is taken back. Does nothing to one that has ended.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.NotFound"/>.</exception>
    [Alias("cancel-operation")]
    Task<IndexOperation> CancelOperationAsync(string id, CancellationToken cancellationToken);

    /// <summary>Told by a router: a shard of the map takes no writes. If no operation wants that, it takes them again.</summary>
    [Alias("mend")]
    Task MendAsync(int shard, CancellationToken cancellationToken);

    /// <summary>One document's stored bytes; null if there is none.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>, <see cref="FaultKind.Unavailable"/>.</exception>
    [Alias("get-document"), AlwaysInterleave]
    Task<FoundDocument?> GetDocumentAsync(string documentKey, CancellationToken cancellationToken);
}
