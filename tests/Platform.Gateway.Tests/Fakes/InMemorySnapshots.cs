using System.Collections.Concurrent;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Gateway.Tests.Fakes;

/// <summary>The snapshots of one index, as names. One of the name <c>damaged</c> is.</summary>
internal sealed class InMemorySnapshots(InMemoryGrains grains, string key) : ISnapshotGrain
{
    private readonly ConcurrentDictionary<string, SnapshotReport> _taken = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<IndexOperation> _operations = [];

    public async Task<IndexOperation> BeginAsync(string name, CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("begin", IndexKey.Parse(key).Tenant);
        var report = new SnapshotReport { Name = name, CreatedAt = DateTimeOffset.UnixEpoch, Shards = 1, Files = 2, Bytes = 300, AddedBytes = 100, Damage = name == "damaged" ? "its checksum differs" : null };
        return !Names.IsValid(name) ? throw new PlatformException(FaultKind.Invalid, $"Snapshot '{name}' is no valid name.")
            : _taken.TryAdd(name, report) ? Begun(IndexOperationKind.Snapshot, new SnapshotWork(name, null, 1, 0, 2, 2, 300))
            : throw new PlatformException(FaultKind.SnapshotExists, $"There is a snapshot '{name}'.");
    }

    public Task<SnapshotReport[]> ListAsync(CancellationToken cancellationToken) => Task.FromResult(_taken.Values.OrderBy(one => one.Name, StringComparer.Ordinal).ToArray());

    public Task<IndexOperation> BeginRestoreAsync(string name, string target, int shards, CancellationToken cancellationToken) => Task.FromResult(
        !_taken.TryGetValue(name, out SnapshotReport? taken) ? throw new PlatformException(FaultKind.SnapshotNotFound, $"There is no snapshot '{name}'.")
        : taken.Damage is { } damage ? throw new PlatformException(FaultKind.SnapshotDamaged, damage)
        : Begun(IndexOperationKind.Restore, new SnapshotWork(name, target, 0, shards)));

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => Task.FromResult(_taken.TryRemove(name, out _));

    public Task<IndexOperation[]> ListOperationsAsync(CancellationToken cancellationToken) => Task.FromResult(_operations.ToArray());

    public Task<IndexOperation> CancelOperationAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_operations.First(operation => operation.Id == id));

    private IndexOperation Begun(IndexOperationKind kind, SnapshotWork work)
    {
        var operation = new IndexOperation
        {
            Id = $"{kind}-{_operations.Count}".ToLowerInvariant(),
            Kind = kind,
            State = IndexOperationState.Running,
            Step = "copying",
            Changes = [],
            StartedAt = DateTimeOffset.UnixEpoch,
            Snapshot = work,
        };
        _operations.Enqueue(operation);
        return operation;
    }
}
