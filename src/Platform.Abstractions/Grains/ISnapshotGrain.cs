using Platform.Abstractions.Records;

namespace Platform.Abstractions.Grains;

/// <summary>The snapshots of one index, which stay when the index is deleted. Key: <c>{tenant}/{index}</c>, see <see cref="IndexKey"/>.</summary>
/// <remarks>Snapshots are made and deleted one after another.</remarks>
[Alias("snapshots"), GrainInterfaceType("snapshots")]
public interface ISnapshotGrain : IGrainWithStringKey
{
    /// <summary>Takes a snapshot while writes go on: all that was acknowledged before the call is in it, nothing that is sent after it returns.</summary>
    /// <exception cref="PlatformException">
    /// <see cref="FaultKind.IndexNotFound"/>; <see cref="FaultKind.SnapshotExists"/>; <see cref="FaultKind.Unavailable"/> if a shard does not answer.
    /// </exception>
    [Alias("create"), ResponseTimeout("01:00:00")]
    Task<SnapshotReport> CreateAsync(string name, CancellationToken cancellationToken);

    /// <summary>The snapshots, oldest first.</summary>
    [Alias("list")]
    Task<SnapshotReport[]> ListAsync(CancellationToken cancellationToken);

    /// <summary>What to ask the tenant's catalogue for, to make an index of a snapshot.</summary>
    /// <param name="name">The snapshot.</param>
    /// <param name="target">The new index's name.</param>
    /// <param name="shards">How many shards it shall have; 0 for as many as it had.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PlatformException"><see cref="FaultKind.SnapshotNotFound"/>; <see cref="FaultKind.SnapshotDamaged"/>.</exception>
    [Alias("plan-restore")]
    Task<NewIndex> PlanRestoreAsync(string name, string target, int shards, CancellationToken cancellationToken);

    /// <summary>Deletes a snapshot, and the files that no other one needs; false if there was none.</summary>
    [Alias("delete"), ResponseTimeout("00:10:00")]
    Task<bool> DeleteAsync(string name, CancellationToken cancellationToken);
}
