using System.Numerics;
using Microsoft.Extensions.Logging;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Snapshots;
using Platform.Indexing.Storage;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;
using Platform.Silo.Snapshots;
using Platform.Silo.Storage;

namespace Platform.Silo.Grains;

/// <summary>Knows an index's snapshots by what is in the store, and carries on the operation that takes or restores one.</summary>
[RolePlacement(Role.Index)]
internal sealed class SnapshotGrain(
    [PersistentState("snapshots", BlobGrainStorage.ProviderName)] IPersistentState<SnapshotState> state,
    IBlobStore store,
    FeedBlock feedBlock,
    TimeProvider time,
    ILogger<SnapshotDriver> logger) : Grain, ISnapshotGrain, IDisposable
{
    /// <summary>An activation with an operation is not idle.</summary>
    private static readonly TimeSpan StayWithOperation = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _driving = Task.CompletedTask;
    private StateCell<SnapshotState>? _cell;
    private SnapshotDriver? _driver;
    private IndexKey _key;

    private StateCell<SnapshotState> Cell => _cell!;

    private SnapshotRepository Repository => new(store, _key);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = IndexKey.Parse(this.GetPrimaryKeyString());
        _cell = new StateCell<SnapshotState>(state, DeactivateOnIdle);
        _driver = new SnapshotDriver(_key, _cell, store, GrainFactory, time, logger);
        GoOn();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _driving;
    }

    /// <inheritdoc/>
    public async Task<IndexOperation> BeginAsync(string name, CancellationToken cancellationToken)
    {
        CheckName(name, "Snapshot");
        await CheckFreeAsync();
        IndexDefinition definition = await GrainFactory.GetGrain<IIndexGrain>(_key.ToString()).GetAsync(cancellationToken) ?? throw FanOut.NoSuchIndex(_key);
        return await Repository.ExistsAsync(name, cancellationToken)
            ? throw new PlatformException(FaultKind.SnapshotExists, $"Index '{_key.Index}' has a snapshot '{name}'. Delete it first, or choose another name.")
            : await BeginAsync(IndexOperationKind.Snapshot, SnapshotStep.Cutting, new SnapshotWork(name, Target: null, definition.Generation, Shards: 0));
    }

    /// <inheritdoc/>
    public async Task<SnapshotReport[]> ListAsync(CancellationToken cancellationToken)
    {
        SnapshotListing found = await Repository.ListAsync(cancellationToken);
        return
        [
            .. found.Whole.Select(manifest => manifest.Report()),
            .. found.Damaged.Select(damaged => new SnapshotReport
            {
                Name = damaged.Name, CreatedAt = default, Shards = 0, Files = 0, Bytes = 0, AddedBytes = 0, Damage = damaged.Reason,
            }),
        ];
    }

    /// <inheritdoc/>
    public async Task<IndexOperation> BeginRestoreAsync(string name, string target, int shards, CancellationToken cancellationToken)
    {
        CheckName(name, "Snapshot");
        CheckName(target, "Index");
        if (shards is < 0 or > NewIndexRules.MaxShards || (shards & (shards - 1)) != 0)
        {
            throw new PlatformException(FaultKind.Invalid, $"The new index can't have {shards} shards; it must be a power of two, 1 to {NewIndexRules.MaxShards}, or 0 for as many as the snapshot has.");
        }

        await CheckFreeAsync();
        SnapshotManifest manifest;
        try
        {
            manifest = await Repository.FindAsync(name, cancellationToken) ?? throw Repository.NotFound(name);
        }
        catch (SnapshotDamagedException e)
        {
            throw new PlatformException(FaultKind.SnapshotDamaged, e.Message);
        }

        if (await GrainFactory.GetGrain<IIndexGrain>(new IndexKey(_key.Tenant, target).ToString()).GetAsync(cancellationToken) is not null)
        {
            throw new PlatformException(FaultKind.IndexExists, $"Index '{target}' exists. Delete it first, or choose another name.");
        }

        int asMany = Math.Min(NewIndexRules.MaxShards, (int)BitOperations.RoundUpToPowerOf2((uint)manifest.Shards.Count));
        return await BeginAsync(IndexOperationKind.Restore, SnapshotStep.Copying, new SnapshotWork(name, target, Generation: 0, shards > 0 ? shards : asMany));
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        CheckName(name, "Snapshot");
        CheckIdle();
        return Repository.DeleteAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IndexOperation[]> ListOperationsAsync(CancellationToken cancellationToken)
    {
        GoOn();
        return Task.FromResult<IndexOperation[]>(_driver!.Running is { } running ? [running, .. Cell.Current.Ended] : [.. Cell.Current.Ended]);
    }

    /// <inheritdoc/>
    public async Task<IndexOperation> CancelOperationAsync(string id, CancellationToken cancellationToken)
    {
        SnapshotState now = await Cell.UpdateAsync(current => current.WithRunning(id, running => running with { CancelRequested = true }));
        return now.Ended.Prepend(now.Running).FirstOrDefault(operation => operation?.Id == id)
            ?? throw new PlatformException(FaultKind.NotFound, $"Index '{_key.Index}' has no operation '{id}', or it ended long ago. Look at the list of operations.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _cell?.Dispose();
    }

    private async Task<IndexOperation> BeginAsync(IndexOperationKind kind, string step, SnapshotWork work)
    {
        var operation = new IndexOperation
        {
            Id = $"{kind.ToString().ToLowerInvariant()}-{Guid.NewGuid():N}"[..20],
            Kind = kind,
            State = IndexOperationState.Running,
            Step = step,
            Changes = [],
            StartedAt = time.GetUtcNow(),
            Snapshot = work,
        };
        await Cell.UpdateAsync(current => current with { Running = operation });
        GoOn();
        return operation;
    }

    /// <summary>Carries a running operation on, at the start and after the driver gave up because the store failed.</summary>
    private void GoOn()
    {
        if (Cell.Current.Running is not null && _driving.IsCompleted)
        {
            DelayDeactivation(StayWithOperation);
            _driving = _driver!.RunAsync(_stopping.Token);
        }
    }

    /// <summary>Refuses what adds bytes while there is no room, and everything while an operation runs.</summary>
    private async Task CheckFreeAsync()
    {
        CheckIdle();
        if (await feedBlock.ReasonAsync() is { } noRoom)
        {
            throw new PlatformException(FaultKind.StorageFull, noRoom);
        }
    }

    private void CheckIdle()
    {
        GoOn();
        if (Cell.Current.Running is { } running)
        {
            throw new PlatformException(FaultKind.Conflict, $"Operation '{running.Id}' works on the snapshots of index '{_key.Index}' already. Wait for its end, or cancel it.");
        }
    }

    private static void CheckName(string name, string what)
    {
        if (!Names.IsValid(name))
        {
            throw new PlatformException(FaultKind.Invalid, $"{what} '{(name.Length > Names.MaxLength ? name[..Names.MaxLength] + "..." : name)}' is no valid name; a name is {Names.Rule}.");
        }
    }
}
