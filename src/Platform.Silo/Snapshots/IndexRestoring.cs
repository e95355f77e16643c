using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;
using Platform.Indexing.Snapshots;
using Platform.Indexing.Storage;
using Platform.Silo.Elastic;

namespace Platform.Silo.Snapshots;

/// <summary>Makes the shards of an index of a snapshot, beside the index grain's calls. Beginning again anywhere makes the same files.</summary>
internal sealed class IndexRestoring(IndexKey key, IBlobStore store) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private CancellationTokenSource _stopping = new();
    private CopyProgress _progress = new();
    private Task? _work;

    /// <summary>Begins the work unless it goes on, and says how far it is; waits a little for its end.</summary>
    /// <exception cref="SnapshotDamagedException">A file is missing, cut off or changed; it is named.</exception>
    /// <exception cref="PlatformException">The store fails or is full; the next call tries again.</exception>
    public async Task<CopyReport> GoOnAsync(Restoration restoration, CancellationToken cancellationToken)
    {
        if (_work is null)
        {
            CancellationToken stopping = _stopping.Token;
            CopyProgress progress = _progress = new CopyProgress();
            _work = Task.Run(() => MakeAsync(restoration, progress, stopping), stopping);      // checksums are CPU-bound
        }

        Task work = _work;
        await Task.WhenAny(work, Task.Delay(Patience, cancellationToken));
        if (!work.IsCompleted)
        {
            return new CopyReport(_progress.Files, _progress.TotalFiles, _progress.Bytes, IsDone: false);
        }

        _work = null;
        try
        {
            await work;
        }
        catch (StoreFullException e)
        {
            throw new PlatformException(FaultKind.StorageFull, e.Message);
        }
        catch (Exception e) when (e is IOException and not SnapshotDamagedException or UnauthorizedAccessException)
        {
            throw new PlatformException(FaultKind.Unavailable, $"Index '{key.Index}' could not be made: {e.Message}", TimeSpan.FromSeconds(1));
        }

        return new CopyReport(_progress.Files, _progress.TotalFiles, _progress.Bytes, IsDone: true);
    }

    /// <summary>Ends the work; its files stay.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        if (_work is { } work)
        {
            _work = null;
            await Task.WhenAny(work);                        // its fault is of no interest any more
        }

        _stopping.Dispose();
        _stopping = new CancellationTokenSource();
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task MakeAsync(Restoration restoration, CopyProgress progress, CancellationToken cancellationToken)
    {
        var repository = new SnapshotRepository(store, key with { Index = restoration.From.Index });
        SnapshotManifest manifest = await repository.FindAsync(restoration.From.Name, cancellationToken) ?? throw repository.NotFound(restoration.From.Name);
        IndexDefinition definition = restoration.Definition;
        progress.TotalFiles = definition.Shards.Ranges.Sum(range => SnapshotRestore.CountFiles(manifest.Shards, BucketsOf(range)));
        foreach (ShardRange range in definition.Shards.Ranges)
        {
            string folder = ShardFolder.Of(new ShardKey(key.Tenant, key.Index, definition.Generation, range.Ordinal));
            await SnapshotRestore.MakeAsync(store, manifest.Shards, repository.Files, folder, BucketsOf(range), progress, cancellationToken);
        }
    }

    private static BucketRange BucketsOf(ShardRange range) => new(range.FirstBucket, range.LastBucket);
}
