using Platform.Abstractions.Records;

namespace Platform.Abstractions.Grains;

/// <summary>The snapshots of one index, which stay when the index is deleted. Key: <c>{tenant}/{index}</c>, see <see cref="IndexKey"/>.</summary>
/// <remarks>Taking and restoring are operations: they are durable before they begin, go on after a crash, and run one at a time.</remarks>
[Alias("snapshots"), GrainInterfaceType("snapshots")]
public interface ISnapshotGrain : IGrainWithStringKey
{
    /// <summary>Begins to take a snapshot while writes go on: the state of the whole index at one moment after the call.</summary>
    /// <exception cref="PlatformException">
    /// <see cref="FaultKind.IndexNotFound"/>; <see cref="FaultKind.SnapshotExists"/>; <see cref="FaultKind.Invalid"/>;
    /// <see cref="FaultKind.StorageFull"/>; <see cref="FaultKind.Conflict"/> while another operation runs.
    /// </exception>
    [Alias("begin")]
    Task<IndexOperation> BeginAsync(string name, CancellationToken cancellationToken);

    /// <summary>The snapshots, oldest first; those whose list of files is damaged last.</summary>
    [Alias("list"), AlwaysInterleave]
    Task<SnapshotReport[]> ListAsync(CancellationToken cancellationToken);

    /// <summary>Begins to make an index of a snapshot. It is there when the operation is done, and nothing of it before.</summary>
    /// <param name="name">The snapshot.</param>
    /// <param name="target">The new index's name.</param>
    /// <param name="shards">How many shards it shall have; 0 for as many as it had, rounded up to a power of two.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PlatformException">
    /// <see cref="FaultKind.SnapshotNotFound"/>; <see cref="FaultKind.SnapshotDamaged"/>; <see cref="FaultKind.IndexExists"/>;
    /// <see cref="FaultKind.Invalid"/>; <see cref="FaultKind.StorageFull"/>; <see cref="FaultKind.Conflict"/> while another operation runs.
    /// </exception>
    [Alias("begin-restore")]
    Task<IndexOperation> BeginRestoreAsync(string name, string target, int shards, CancellationToken cancellationToken);

    /// <summary>Deletes a snapshot, and the files that no other one needs; false if there was none.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.Conflict"/> while an operation runs.</exception>
    [Alias("delete"), ResponseTimeout("00:10:00")]
    Task<bool> DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>The running operation, then those that have ended, newest first, at most 20.</summary>
    [Alias("list-operations"), AlwaysInterleave]
    Task<IndexOperation[]> ListOperationsAsync(CancellationToken cancellationToken);

    /// <summary>Asks a running operation to end; what it made is deleted. Does nothing to one that has ended.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.NotFound"/>.</exception>
    [Alias("cancel-operation")]
    Task<IndexOperation> CancelOperationAsync(string id, CancellationToken cancellationToken);
}
