using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Snapshots;
using Platform.Indexing.Storage;
using Platform.Silo.Grains;
using Platform.Silo.Storage;

namespace Platform.Silo.Snapshots;

/// <summary>Carries a snapshot or a restore to its end, beside the grain's calls and on its scheduler. An attempt that fails begins anew, and finds what is copied.</summary>
internal sealed partial class SnapshotDriver(
    IndexKey key, StateCell<SnapshotState> cell, IBlobStore store, IGrainFactory grains, TimeProvider time, ILogger logger)
{
    /// <summary>With the waits between them half a minute: longer than a silo takes to be replaced.</summary>
    private const int Attempts = 12;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CopyFor = TimeSpan.FromHours(24);
    private readonly SnapshotRepository _repository = new(store, key);
    private string _step = SnapshotStep.Cutting;
    private SnapshotWork? _work;
    private TimeSpan _pause;

    /// <summary>The running operation as it stands now; null if there is none. How far copying is, is not durable.</summary>
    public IndexOperation? Running => cell.Current.Running is { } running
        ? running with { Step = _step, Snapshot = _work ?? running.Snapshot, LongestPause = _pause }
        : null;

    /// <summary>Goes on until no operation runs, or it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        CallContext.ActFor(key.Tenant);
        int failures = 0;
        while (cell.Current.Running is { Snapshot: { } work } operation && !stopping.IsCancellationRequested)
        {
            try
            {
                if (operation.CancelRequested)
                {
                    await TakeBackAsync(operation, work);
                    await EndAsync(operation, IndexOperationState.Cancelled, "It was cancelled.");
                }
                else
                {
                    await (operation.Kind == IndexOperationKind.Snapshot ? TakeAsync(operation, work, stopping) : RestoreAsync(operation, work, work.Target!, stopping));
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (InconsistentStateException)
            {
                return;                                      // another activation goes on with it
            }
#pragma warning disable CA1031 // whatever it is, the attempt is made again or the operation ends with the reason
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogFailed(operation.Id, key.ToString(), e.Message);
                if (!await AfterFailureAsync(operation, work, e, ++failures, stopping))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Waits for the next attempt, or ends the operation; false if that can't be noted, and whoever comes next must go on.</summary>
    private async Task<bool> AfterFailureAsync(IndexOperation operation, SnapshotWork work, Exception fault, int failures, CancellationToken stopping)
    {
        try
        {
            bool mayPass = fault is not PlatformException { Kind: not (FaultKind.Busy or FaultKind.Unavailable or FaultKind.DeadlineExceeded or FaultKind.WrongShard) };
            if (mayPass && failures < Attempts)
            {
                TimeSpan wait = FirstWait * Math.Pow(2, failures);
                await Task.Delay(wait < LongestWait ? wait : LongestWait, time, stopping);
            }
            else
            {
                await TakeBackAsync(operation, work);
                await EndAsync(operation, IndexOperationState.Failed, fault.Message);
            }

            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InconsistentStateException or InvalidOperationException or PlatformException or TimeoutException)
        {
            LogFailed(operation.Id, key.ToString(), e.Message);
            return false;
        }
    }

    private async Task TakeAsync(IndexOperation operation, SnapshotWork work, CancellationToken stopping)
    {
        if (await _repository.FindAsync(work.Name, stopping) is { } there)
        {
            await DoneAsync(operation, work, there);         // written just before a crash: nobody else takes snapshots of this index
            return;
        }

        _step = SnapshotStep.Cutting;
        DateTimeOffset moment = time.GetUtcNow();
        (IndexDefinition definition, string cut) = await CutAsync(work, stopping);
        _step = SnapshotStep.Copying;
        if (await CopyAsync(operation, work, definition, cut, stopping) is not { } shards)
        {
            return;                                          // it is to end
        }

        IReadOnlyDictionary<string, SnapshotFile> known = await _repository.KnownFilesAsync(stopping);
        var manifest = new SnapshotManifest
        {
            FormatVersion = SnapshotManifest.CurrentFormatVersion,
            Name = work.Name,
            CreatedAt = moment,
            Definition = definition,
            Shards = shards,
            AddedBytes = shards.SelectMany(shard => shard.Files()).DistinctBy(file => file.Name).Where(file => !known.ContainsKey(file.Name)).Sum(file => file.Length),
        };
        await _repository.WriteAsync(manifest, stopping);
        await DoneAsync(operation, work, manifest);
    }

    /// <summary>Holds every shard's writes, makes sure that it was of one map, and lets them go on.</summary>
    private async Task<(IndexDefinition Definition, string Cut)> CutAsync(SnapshotWork work, CancellationToken stopping)
    {
        IIndexGrain index = grains.GetGrain<IIndexGrain>(key.ToString());
        IndexDefinition definition = await index.GetAsync(stopping) ?? throw FanOut.NoSuchIndex(key);
        if (definition.Generation != work.Generation)
        {
            throw new PlatformException(FaultKind.IndexNotFound, $"Index '{key.Index}' was deleted and created again. Take the snapshot of the new one.");
        }

        string cut = $"{Guid.NewGuid():N}";
        IShardGrain[] shards = ShardsOf(definition);
        await Task.WhenAll(shards.Select(shard => shard.SealAsync(stopping))).WaitAsync(stopping);      // little is then left to seal while writes are held
        bool isWhole = false;
        long begun = 0;
        bool[] held;
        try
        {
            Task[] holding = [.. shards.Select(shard => shard.HoldWritesAsync(cut, stopping))];
            await Task.WhenAny(holding);
            begun = time.GetTimestamp();
            await Task.WhenAll(holding).WaitAsync(stopping);
            isWhole = (await index.GetAsync(stopping))?.Shards.Version == definition.Shards.Version;
        }
        finally
        {
            held = await Task.WhenAll(shards.Select(shard => ReleaseAsync(shard, cut, isWhole)));
        }

        _pause = time.GetElapsedTime(begun);
        return isWhole && held.All(one => one)
            ? (definition, cut)
            : throw new PlatformException(FaultKind.Unavailable, $"The shards of index '{key.Index}' could not be held at one moment: they were divided anew, or one of them took too long.");
    }

    private static async Task<bool> ReleaseAsync(IShardGrain shard, string cut, bool copies)
    {
        try
        {
            return await shard.ReleaseWritesAsync(cut, copies, CancellationToken.None);
        }
#pragma warning disable CA1031 // a shard that can't be told releases by itself after a while, and is missing from the cut
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    /// <summary>Looks after the copies until all are done; null if the operation is to end.</summary>
    private async Task<IReadOnlyList<ShardSnapshot>?> CopyAsync(
        IndexOperation operation, SnapshotWork work, IndexDefinition definition, string cut, CancellationToken stopping)
    {
        IShardGrain[] shards = ShardsOf(definition);
        long begun = time.GetTimestamp();
        bool isDone = false;
        try
        {
            while (time.GetElapsedTime(begun) < CopyFor)
            {
                CopyReport[] reports = await Task.WhenAll(shards.Select(shard => shard.CopiedAsync(cut, stopping))).WaitAsync(stopping);
                _work = work with { Files = reports.Sum(one => one.Files), TotalFiles = reports.Sum(one => one.TotalFiles), Bytes = reports.Sum(one => one.Bytes) };
                if (IsToEnd(operation))
                {
                    return null;
                }

                isDone = reports.All(one => one.IsDone);
                if (isDone)
                {
                    return [.. reports.Select(one => JsonSerializer.Deserialize<ShardSnapshot>(one.Snapshot)!)];
                }
            }

            throw new PlatformException(FaultKind.Conflict, $"Copying took more than {CopyFor.TotalHours} h and was given up.");
        }
        finally
        {
            if (!isDone)
            {
                await Task.WhenAll(shards.Select(shard => ReleaseAsync(shard, cut, copies: false)));
            }
        }
    }

    private async Task RestoreAsync(IndexOperation operation, SnapshotWork work, string target, CancellationToken stopping)
    {
        _step = SnapshotStep.Copying;
        SnapshotManifest manifest = await _repository.FindAsync(work.Name, stopping) ?? throw _repository.NotFound(work.Name);
        IIndexGrain index = grains.GetGrain<IIndexGrain>(new IndexKey(key.Tenant, target).ToString());
        var plan = manifest.PlanOf(target, work.Shards, new SnapshotSource(key.Index, work.Name, operation.Id));
        await grains.GetGrain<ITenantGrain>(key.Tenant).CreateIndexAsync(plan, stopping);
        CopyReport report;
        do
        {
            report = await index.RestoreAsync(operation.Id, stopping).WaitAsync(stopping);
            _work = work with { Files = report.Files, TotalFiles = report.TotalFiles, Bytes = report.Bytes };
            if (!report.IsDone && IsToEnd(operation))
            {
                return;
            }
        }
        while (!report.IsDone);

        await EndAsync(operation, IndexOperationState.Done, message: null);
    }

    private bool IsToEnd(IndexOperation operation) => cell.Current.Running?.Id != operation.Id || cell.Current.Running.CancelRequested;

    /// <summary>Deletes what an operation made that did not come to its end.</summary>
    private async Task TakeBackAsync(IndexOperation operation, SnapshotWork work)
    {
        if (operation.Kind == IndexOperationKind.Restore)
        {
            await grains.GetGrain<ITenantGrain>(key.Tenant).AbandonIndexAsync(work.Target!, operation.Id, CancellationToken.None);
        }
        else if (!await _repository.DeleteAsync(work.Name, CancellationToken.None))      // it may be written, and its end not noted
        {
            await _repository.SweepAsync(CancellationToken.None);
        }
    }

    private Task DoneAsync(IndexOperation operation, SnapshotWork work, SnapshotManifest manifest)
    {
        SnapshotReport report = manifest.Report();
        _work = work with { Files = report.Files, TotalFiles = report.Files, Bytes = report.Bytes };
        return EndAsync(operation, IndexOperationState.Done, message: null);
    }

    private async Task EndAsync(IndexOperation operation, IndexOperationState ended, string? message)
    {
        await cell.UpdateAsync(state => state.AfterEnd(operation.Id, ended, message, _work, _pause, time.GetUtcNow()));
        LogEnded(operation.Id, key.ToString(), ended, (long)_pause.TotalMilliseconds);
        (_work, _pause) = (null, TimeSpan.Zero);
    }

    private IShardGrain[] ShardsOf(IndexDefinition definition) =>
    [
        .. definition.Shards.Ranges.Select(range => grains.GetGrain<IShardGrain>(new ShardKey(key.Tenant, key.Index, definition.Generation, range.Ordinal).ToString())),
    ];

    [LoggerMessage(LogLevel.Warning, "Operation {Operation} on the snapshots of index {Index} failed: {Reason}")]
    private partial void LogFailed(string operation, string index, string reason);

    [LoggerMessage(LogLevel.Information, "Operation {Operation} on the snapshots of index {Index} ended: {State}; writes waited {PauseMilliseconds} ms")]
    private partial void LogEnded(string operation, string index, IndexOperationState state, long pauseMilliseconds);
}
