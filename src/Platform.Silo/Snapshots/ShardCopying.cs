using System.Text.Json;
using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;
using Platform.Indexing.Snapshots;
using Platform.Indexing.Storage;
using Platform.Silo.Elastic;

namespace Platform.Silo.Snapshots;

/// <summary>The cut of one shard that goes on, and its copy. It is gone with the activation: whoever wants the snapshot then cuts again.</summary>
internal sealed class ShardCopying(ShardKey key, IBlobStore store)
{
    private static readonly TimeSpan HoldLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly SnapshotRepository _repository = new(store, new IndexKey(key.Tenant, key.Index));
    private Work? _work;

    /// <summary>Ends when writes are held.</summary>
    public Task HoldAsync(Shard shard, string cut, CancellationToken cancellationToken)
    {
        GiveUp();
        _work = new Work(cut, shard.Cut(HoldLimit), new CancellationTokenSource());
        return _work.Cut.Held.WaitAsync(cancellationToken);
    }

    /// <summary>Lets writes go on, and begins to copy or gives up; false if writes were not held until now.</summary>
    public bool Release(string cut, bool copies)
    {
        if (_work is not { } work || work.Name != cut)
        {
            return false;
        }

        bool wasHeld = work.Cut.Release();
        if (!wasHeld || !copies)
        {
            GiveUp();
            return wasHeld;
        }

        // checksums are CPU-bound: they run beside the grain scheduler
        work.Copy ??= Task.Run(() => CopyAsync(work));
        return true;
    }

    /// <summary>How far the copy is; waits a little for its end.</summary>
    /// <exception cref="PlatformException">It is given up, or failed.</exception>
    public async Task<CopyReport> ReportAsync(string cut, CancellationToken cancellationToken)
    {
        if (_work is not { Copy: { } copy } work || work.Name != cut)
        {
            throw new PlatformException(FaultKind.Unavailable, $"Shard '{key}' was opened again meanwhile, and copies nothing. Cut it again.");
        }

        await Task.WhenAny(copy, Task.Delay(Patience, cancellationToken));
        try
        {
            byte[]? snapshot = copy.IsCompleted ? await copy : null;
            return new CopyReport(work.Progress.Files, work.Progress.TotalFiles, work.Progress.Bytes, snapshot is not null, snapshot);
        }
        catch (StoreFullException e)
        {
            throw new PlatformException(FaultKind.StorageFull, e.Message);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException or OperationCanceledException)
        {
            throw new PlatformException(FaultKind.Unavailable, $"Shard '{key}' could not be copied: {e.Message}", TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Ends what goes on; the shard then lets its files go by itself.</summary>
    public void GiveUp()
    {
        if (_work is { } work)
        {
            _work = null;
            work.Stopping.Cancel();                          // never disposed: it has no timer and no handle
            work.Cut.Release();
            if (work.Copy is null)
            {
                _ = work.Cut.DisposeAsync().AsTask();
            }
        }
    }

    private async Task<byte[]> CopyAsync(Work work)
    {
        await using ShardCut cut = work.Cut;
        IReadOnlyDictionary<string, SnapshotFile> known = await _repository.KnownFilesAsync(work.Stopping.Token);
        ShardSnapshot copied = await cut.CopyAsync(store, ShardFolder.Of(key), _repository.Files, known, work.Progress, work.Stopping.Token);
        return JsonSerializer.SerializeToUtf8Bytes(copied);
    }

    private sealed record Work(string Name, ShardCut Cut, CancellationTokenSource Stopping)
    {
        public CopyProgress Progress { get; } = new();

        public Task<byte[]>? Copy { get; set; }
    }
}
