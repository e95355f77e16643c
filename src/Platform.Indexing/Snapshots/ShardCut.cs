using Platform.Indexing.Shards;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Snapshots;

/// <summary>What a shard holds at one moment. Writes are held from then on until <see cref="Release"/>, its files until it is disposed.</summary>
/// <remarks>
/// When every shard of an index is held before the first is released, the cuts together are a state that the index had: a write that
/// was sent after another one was acknowledged is in them only if that one is.
/// </remarks>
public sealed class ShardCut : IAsyncDisposable
{
    private const int Holding = 0;
    private const int Released = 1;
    private const int Expired = 2;

    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _limit;
    private readonly ShardWriter _writer;
    private readonly Task<ShardManifest> _manifest;
    private int _end;

    internal ShardCut(ShardWriter writer, TimeSpan limit)
    {
        _writer = writer;
        _limit = limit;
        _manifest = CutAsync();
    }

    /// <summary>Ends when writes are held: all that was acknowledged is in the cut, and nothing else is acknowledged. Faults as the shard does.</summary>
    public Task Held => _held.Task;

    /// <summary>Lets writes go on; false if they were not held until now, so that this cut does not go with those of other shards. Safe to repeat.</summary>
    public bool Release()
    {
        bool wasHeld = Held.IsCompletedSuccessfully && Interlocked.CompareExchange(ref _end, Released, Holding) != Expired;
        _released.TrySetResult();
        return wasHeld;
    }

    /// <summary>Copies what the shard held to where an index's snapshots keep files.</summary>
    /// <param name="store">Where it lies, and the copies will.</param>
    /// <param name="folder">The shard's, ending in <c>/{generation}/{shard}</c>.</param>
    /// <param name="files">The folder of the files of the index's snapshots.</param>
    /// <param name="known">What snapshots have already, by name: it is not read again.</param>
    /// <param name="progress">Counts the files and bytes; written to while it runs.</param>
    /// <param name="cancellationToken">Gives up; what was copied stays for the next time.</param>
    /// <exception cref="FileNotFoundException">The shard was replaced and destroyed meanwhile.</exception>
    public async Task<ShardSnapshot> CopyAsync(
        IBlobStore store, string folder, string files, IReadOnlyDictionary<string, SnapshotFile> known, CopyProgress progress, CancellationToken cancellationToken) =>
        await new SnapshotCopy(store, folder, files, known, progress).CopyAsync(await _manifest.WaitAsync(cancellationToken), cancellationToken);

    /// <summary>Releases writes, and lets the shard delete what it no longer needs.</summary>
    public async ValueTask DisposeAsync()
    {
        Release();
        try
        {
            await _writer.UnpinAsync(await _manifest);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            // the shard is gone, or its store: its next owner deletes what is left
        }
    }

    private async Task<ShardManifest> CutAsync()
    {
        try
        {
            return await _writer.CutAsync(HoldAsync);
        }
        catch (Exception e)
        {
            _held.TrySetException(e);
            throw;
        }
    }

    private async Task HoldAsync()
    {
        _held.TrySetResult();
        await Task.WhenAny(_released.Task, Task.Delay(_limit));
        Interlocked.CompareExchange(ref _end, Expired, Holding);
    }
}

/// <summary>How far copying is.</summary>
public sealed class CopyProgress
{
    private int _files;
    private long _bytes;

    /// <summary>Files to copy, those that are shared with earlier snapshots included; 0 until it is known.</summary>
    public int TotalFiles { get; set; }

    /// <summary>Files that are there.</summary>
    public int Files => Volatile.Read(ref _files);

    /// <summary>Bytes of them.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    internal void Add(long bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Increment(ref _files);
    }
}
