using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;
using Platform.Indexing.Snapshots;
using Platform.Indexing.Storage;
using Platform.Silo.Elastic;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;
using Platform.Silo.Snapshots;
using Platform.Silo.Storage;

namespace Platform.Silo.Grains;

/// <summary>Holds one index's definition and shard map, and carries on the operation that changes it; counts its generations even while there is no index of the name.</summary>
[RolePlacement(Role.Index)]
internal sealed class IndexGrain(
    [PersistentState("index", BlobGrainStorage.ProviderName)] IPersistentState<IndexState> state,
    IBlobStore store,
    IOptions<ElasticOptions> options,
    IndexSilos silos,
    TimeProvider time,
    ILogger<OperationDriver> logger) : Grain, IIndexGrain, IDisposable
{
    /// <summary>An activation with an operation is not idle; compacting a large shard takes long.</summary>
    private static readonly TimeSpan StayWithOperation = TimeSpan.FromHours(1);

    private CancellationTokenSource _stopping = new();
    private Task _driving = Task.CompletedTask;
    private IGrainTimer? _cleaning;
    private IndexRestoring? _restoring;
    private StateCell<IndexState>? _cell;
    private IndexKey _key;

    private StateCell<IndexState> Cell => _cell!;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = IndexKey.Parse(this.GetPrimaryKeyString());
        _cell = new StateCell<IndexState>(state, DeactivateOnIdle);
        _restoring = new IndexRestoring(_key, store);
        GoOn();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _restoring!.StopAsync();
        await StopAsync();
    }

    /// <inheritdoc/>
    public async Task<IndexDefinition> CreateAsync(NewIndex index, CancellationToken cancellationToken)
    {
        if (Cell.Current.Definition is { } made)
        {
            return index.From is { } source && Cell.Current.RestoredBy == source.Operation ? made : throw new PlatformException(FaultKind.IndexExists, $"Index '{_key.Index}' exists. Delete it first, or choose another name.");
        }

        if (Cell.Current.Restoring is { } restoring)
        {
            return restoring.From.Operation == index.From?.Operation
                ? restoring.Definition
                : throw new PlatformException(FaultKind.IndexExists, $"Index '{_key.Index}' is being made of a snapshot by operation '{restoring.From.Operation}'. Wait for its end, cancel it, or choose another name.");
        }

        int generation = Cell.Current.Generation + 1;
        var definition = new IndexDefinition
        {
            Name = index.Name,
            Generation = generation,
            Shards = ShardMap.Even(index.Shards),
            Encoder = index.Encoder,
            K1 = index.K1,
            B = index.B,
            SparseMaxWeight = index.SparseMaxWeight,
            CreatedAt = time.GetUtcNow(),
            Model = index.Model,
            Pruning = index.Pruning,
            Dense = index.Dense,
            Fields = index.Fields,
        };
        await SweepAsync(generation, cancellationToken);     // a creation that crashed may have left shards of another number
        if (index.From is { } from)
        {
            definition = await AsItWasAsync(definition, from, cancellationToken);
            await Cell.UpdateAsync(current => current with { Restoring = new Restoration(definition, from) });
            return definition;
        }

        await Task.WhenAll(definition.Shards.Ranges.Select(range => Shard.MakeAsync(
            store, ShardFolder.Of(KeyOf(definition, range.Ordinal)), new BucketRange(range.FirstBucket, range.LastBucket), [], cancellationToken)));
        await Cell.UpdateAsync(_ => IndexState.Of(definition, restoredBy: null));
        return definition;
    }

    /// <inheritdoc/>
    public async Task<CopyReport> RestoreAsync(string operation, CancellationToken cancellationToken)
    {
        if (Cell.Current.Definition is not null && Cell.Current.RestoredBy == operation)
        {
            return new CopyReport(0, 0, 0, IsDone: true);
        }

        if (Cell.Current.Restoring is not { } restoring || restoring.From.Operation != operation)
        {
            throw new PlatformException(FaultKind.NotFound, $"Index '{_key.Index}' is not being made of a snapshot by operation '{operation}': it was deleted meanwhile.");
        }

        try
        {
            CopyReport report = await _restoring!.GoOnAsync(restoring, cancellationToken);
            if (report.IsDone)
            {
                await Cell.UpdateAsync(_ => IndexState.Of(restoring.Definition, operation));
            }

            return report;
        }
        catch (SnapshotDamagedException e)
        {
            await AbandonAsync(operation, cancellationToken);
            throw new PlatformException(FaultKind.SnapshotDamaged, e.Message);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> AbandonAsync(string operation, CancellationToken cancellationToken)
    {
        if (Cell.Current.Restoring is { } restoring && restoring.From.Operation == operation)
        {
            await _restoring!.StopAsync();
            await SweepAsync(restoring.Definition.Generation, cancellationToken);
            await Cell.UpdateAsync(current => current with { Restoring = null });
        }

        return Cell.Current is { Definition: null, Restoring: null };
    }

    /// <inheritdoc/>
    public Task<IndexDefinition?> GetAsync(CancellationToken cancellationToken) => Task.FromResult(Cell.Current.Definition);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(CancellationToken cancellationToken)
    {
        if (Cell.Current.Definition is not { } definition)
        {
            return Cell.Current.Restoring is { } restoring && await AbandonAsync(restoring.From.Operation, cancellationToken);
        }

        int[] shards = [.. Cell.Current.AllShards()];
        await Cell.UpdateAsync(current => current with { Definition = null, Running = null, Retired = [] });
        await StopAsync();
        await Task.WhenAll(shards.Select(ordinal => ShardOf(definition, ordinal).DestroyAsync(cancellationToken)));
        await SweepAsync(definition.Generation, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public async Task<ShardListing> ListShardsAsync(CancellationToken cancellationToken)
    {
        IndexDefinition definition = Definition();
        int[] retired = [.. Cell.Current.Retired.Select(shard => shard.Ordinal)];
        IndexReport report = await ReportAsync(cancellationToken);
        return new ShardListing(definition.Shards, report.Shards, report.Coverage, retired);
    }

    /// <inheritdoc/>
    public Task<IndexOperation> SplitAsync(int? shard, int into, CancellationToken cancellationToken) =>
        BeginAsync(IndexOperationKind.Split, (map, next) => ShardChangePlans.Split(map, shard, into, next));

    /// <inheritdoc/>
    public Task<IndexOperation> MergeAsync(int[]? shards, int into, CancellationToken cancellationToken) =>
        BeginAsync(IndexOperationKind.Merge, (map, next) => ShardChangePlans.Merge(map, shards, into, next));

    /// <inheritdoc/>
    public Task<IndexOperation> MoveAsync(ShardChange[] moves, CancellationToken cancellationToken) => BeginAsync(IndexOperationKind.Move, (map, unused) =>
    {
        foreach (ShardChange move in moves)
        {
            _ = ShardChangePlans.RangeOf(map, move.Sources.Single());
        }

        return moves;
    });

    /// <inheritdoc/>
    public async Task<ShardChange[]> PlanBalanceAsync(CancellationToken cancellationToken)
    {
        IndexReport report = await ReportAsync(cancellationToken);
        if (report.Coverage.Failed is [var missing, ..])
        {
            throw new PlatformException(FaultKind.Unavailable, $"Shard {missing.Ordinal} does not answer, so nobody knows what is balanced: {missing.Reason}", TimeSpan.FromSeconds(1));
        }

        string[] all = [.. silos.All().Select(silo => silo.Endpoint.ToString())];
        IEnumerable<PlacedShard> placed = report.Shards.Select(shard => new PlacedShard(
            $"{shard.Ordinal:D4}", shard.Silo, shard.SegmentBytes + shard.LogBytes, shard.ReadsPerSecond));
        return [.. BalancePlan.Make(all, placed, options.Value.MoveUntil, ShardMap.MaxShards, _ => true)
            .Select(move => new ShardChange([int.Parse(move.Shard.Key, CultureInfo.InvariantCulture)], [], move.Silo))];
    }

    /// <inheritdoc/>
    public Task<IndexOperation[]> ListOperationsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IndexOperation[]>(Cell.Current.Running is { } running ? [running, .. Cell.Current.Ended] : [.. Cell.Current.Ended]);

    /// <inheritdoc/>
    public async Task<IndexOperation> CancelOperationAsync(string id, CancellationToken cancellationToken)
    {
        IndexState now = await Cell.UpdateAsync(current => current.WithRunning(id, running => running with { CancelRequested = true }));
        return now.Ended.Prepend(now.Running).FirstOrDefault(operation => operation?.Id == id)
            ?? throw new PlatformException(FaultKind.NotFound, $"Index '{_key.Index}' has no operation '{id}', or it ended long ago. Look at the list of operations.");
    }

    /// <inheritdoc/>
    public async Task MendAsync(int shard, CancellationToken cancellationToken)
    {
        IndexState now = Cell.Current;
        if (now.Definition is { } definition && definition.Shards.Ranges.Any(range => range.Ordinal == shard)
            && now.Running?.Changes.Any(change => change.Sources.Contains(shard)) != true)
        {
            await ShardOf(definition, shard).ReviveAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<IndexReport> ReportAsync(CancellationToken cancellationToken)
    {
        IndexDefinition definition = Definition();
        var gathered = await FanOut.AskAsync(
            [.. definition.Shards.Ranges.Select(range => range.Ordinal)],
            (ordinal, token) => ShardOf(definition, ordinal).ReportAsync(token),
            cancellationToken);
        return new IndexReport(
            [.. gathered.Answers.OrderBy(answer => answer.Ordinal).Select(answer => answer.Value)], gathered.Coverage);
    }

    /// <inheritdoc/>
    public async Task<FoundDocument?> GetDocumentAsync(string documentKey, CancellationToken cancellationToken)
    {
        IndexDefinition definition = Definition();
        int ordinal = definition.Shards.ShardOf(Shard.BucketOf(documentKey));
        var call = new FetchCall { DocumentKeys = [documentKey], WithStored = true };
        FetchReply reply = await ShardOf(definition, ordinal).FetchAsync(call, cancellationToken);
        return reply.Documents[0].Exists
            ? new FoundDocument { DocumentKey = documentKey, Score = 0, Stored = reply.Documents[0].Stored }
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _restoring?.Dispose();
        _cell?.Dispose();
    }

    /// <summary>The definition that a snapshot's index had, under the new one's name and map.</summary>
    private async Task<IndexDefinition> AsItWasAsync(IndexDefinition definition, SnapshotSource from, CancellationToken cancellationToken)
    {
        var repository = new SnapshotRepository(store, new IndexKey(_key.Tenant, from.Index));
        try
        {
            SnapshotManifest manifest = await repository.FindAsync(from.Name, cancellationToken) ?? throw repository.NotFound(from.Name);
            return manifest.Definition with
            {
                Name = definition.Name,
                Generation = definition.Generation,
                Shards = definition.Shards,
                CreatedAt = definition.CreatedAt,
            };
        }
        catch (SnapshotDamagedException e)
        {
            throw new PlatformException(FaultKind.SnapshotDamaged, e.Message);
        }
    }

    /// <summary>Notes the plan, and goes on with it beside the calls.</summary>
    private async Task<IndexOperation> BeginAsync(IndexOperationKind kind, Func<ShardMap, int, ShardChange[]> plan)
    {
        IndexDefinition definition = Definition();
        if (Cell.Current.Running is { } running)
        {
            throw new PlatformException(FaultKind.Conflict, $"Operation '{running.Id}' changes the shards of index '{_key.Index}' already. Wait for its end, or cancel it.");
        }

        int next = Math.Max(Cell.Current.NextShard, definition.Shards.Ranges.Max(range => range.Ordinal) + 1);
        ShardChange[] changes = plan(definition.Shards, next);
        _ = changes.Where(change => change.Targets.Length > 0).Aggregate(definition.Shards, (map, change) => map.After(change));
        var operation = new IndexOperation
        {
            Id = $"{kind.ToString().ToLowerInvariant()}-{Guid.NewGuid():N}"[..20],
            Kind = kind,
            State = IndexOperationState.Running,
            Step = OperationStep.Sealing,
            Changes = changes,
            StartedAt = time.GetUtcNow(),
        };
        await Cell.UpdateAsync(current => current with { Running = operation, NextShard = next + changes.Sum(change => change.Targets.Length) });
        GoOn();
        return operation;
    }

    private void GoOn()
    {
        if (Cell.Current.Running is not null && _driving.IsCompleted)
        {
            DelayDeactivation(StayWithOperation);
            _driving = new OperationDriver(_key, Cell, store, GrainFactory, time, logger).RunAsync(_stopping.Token);
        }

        if (_cleaning is null && (Cell.Current.Running is not null || Cell.Current.Retired.Count > 0))
        {
            TimeSpan lifetime = options.Value.RetiredLifetime;
            var retired = new RetiredShards(_key, Cell, GrainFactory, time, lifetime);
            _cleaning = this.RegisterGrainTimer(
                token => CleanAsync(retired, token), new GrainTimerCreationOptions { DueTime = lifetime, Period = lifetime, Interleave = true, KeepAlive = true });
        }
    }

    private async Task CleanAsync(RetiredShards retired, CancellationToken cancellationToken)
    {
        await retired.DestroyUnneededAsync(cancellationToken);
        if (Cell.Current is { Running: null, Retired.Count: 0 })
        {
            _cleaning?.Dispose();
            _cleaning = null;
        }
    }

    private async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _driving;
        _stopping.Dispose();
        _stopping = new CancellationTokenSource();
    }

    /// <summary>Deletes what is left of a generation that is not, or not yet, an index.</summary>
    private async Task SweepAsync(int generation, CancellationToken cancellationToken)
    {
        foreach (BlobInfo blob in await store.ListAsync(ShardFolder.OfAll(_key, generation), cancellationToken))
        {
            await store.DeleteAsync(blob.Name, cancellationToken);
        }
    }

    private IndexDefinition Definition() => Cell.Current.Definition ?? throw FanOut.NoSuchIndex(_key);

    private IShardGrain ShardOf(IndexDefinition definition, int ordinal) => GrainFactory.GetGrain<IShardGrain>(KeyOf(definition, ordinal).ToString());

    private ShardKey KeyOf(IndexDefinition definition, int ordinal) => new(_key.Tenant, _key.Index, definition.Generation, ordinal);
}
