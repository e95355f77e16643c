using System.Security.Cryptography;
using System.Text;

namespace Platform.Indexing.Storage;

/// <summary>Copies of remote blobs on a local disk, mapped from there; at most so many bytes, the longest unused go first.</summary>
/// <remarks>
/// A copy is named by the blob's address and tag, so it is the blob or it is not found; it is flushed before it gets that name.
/// Each process takes a slot, a folder of its own that it locks: what the last process left there is used again.
/// A copy that is in use stays; a blob that does not fit beside those in use is refused.
/// </remarks>
public sealed class LocalBlobCache : IDisposable
{
    private const int MaxSlots = 256;
    private const string TemporarySuffix = ".tmp";

    private readonly Dictionary<string, Copy> _copies = new(StringComparer.Ordinal);
    private readonly long _maxBytes;
    private readonly TimeProvider _time;
    private readonly FileStream _slot;
    private readonly string _folder;
    private long _bytes;

    /// <summary>Takes a slot, and finds what lies there.</summary>
    /// <param name="folder">Nothing else may write below it; other caches may share it.</param>
    /// <param name="maxBytes">The most bytes that this process keeps.</param>
    /// <param name="time">Says which copy was used last, also to the next process.</param>
    /// <exception cref="IOException">The folder can't be written, or all slots are taken.</exception>
    public LocalBlobCache(string folder, long maxBytes, TimeProvider time)
    {
        _maxBytes = maxBytes;
        _time = time;
        (_slot, _folder) = TakeSlot(Path.GetFullPath(folder));
        foreach (FileInfo file in new DirectoryInfo(_folder).EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc))
        {
            if (file.Name.EndsWith(TemporarySuffix, StringComparison.Ordinal))
            {
                file.Delete();                               // a download that its process did not end
            }
            else if (file.Name != BlobName.LockName)
            {
                _copies[file.Name] = new Copy(file.Length, file.LastWriteTimeUtc) { Ready = Task.CompletedTask };
                _bytes += file.Length;
            }
        }

        lock (_copies)
        {
            MakeRoom(0);
        }
    }

    /// <summary>Bytes of the copies, and of those that are being made.</summary>
    public long Bytes
    {
        get
        {
            lock (_copies)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Lets the slot go; open views stay readable.</summary>
    public void Dispose() => _slot.Dispose();

    /// <summary>Maps a blob's copy, and makes it first if it is not here.</summary>
    /// <param name="address">The blob's address with its tag.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="download">Writes the blob into an empty file.</param>
    /// <param name="cancellationToken">Given to <paramref name="download"/>.</param>
    /// <exception cref="StoreFullException">It does not fit beside the copies in use.</exception>
    internal async Task<BlobView> MapAsync(
        string address, long length, Func<string, CancellationToken, Task> download, CancellationToken cancellationToken)
    {
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)));
        Copy? copy;
        TaskCompletionSource? making = null;
        lock (_copies)
        {
            if (!_copies.TryGetValue(name, out copy) || copy.Length != length)
            {
                Forget(name);
                MakeRoom(length);
                making = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _copies[name] = copy = new Copy(length, _time.GetUtcNow().UtcDateTime) { Ready = making.Task };
                _bytes += length;
            }

            copy.Uses++;
        }

        try
        {
            if (making is not null)
            {
                await MakeAsync(name, copy, making, download, cancellationToken);
            }

            await copy.Ready;
            lock (_copies)
            {
                copy.LastUsed = _time.GetUtcNow().UtcDateTime;
            }

            File.SetLastWriteTimeUtc(PathOf(name), copy.LastUsed);
            BlobView view = MappedFile.Open(PathOf(name));
            return new BlobView(view.Content, new Use(this, copy, view));
        }
        catch
        {
            LetGo(copy);
            throw;
        }
    }

    private static (FileStream Slot, string Folder) TakeSlot(string root)
    {
        for (int slot = 0; slot < MaxSlots; slot++)
        {
            string folder = Path.Combine(root, slot.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Directory.CreateDirectory(folder);
            string held = Path.Combine(folder, BlobName.LockName);
            try
            {
                return (new FileStream(held, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), folder);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(held))
            {
                // another process has this slot
            }
        }

        throw new IOException($"Folder '{root}' has {MaxSlots} slots for local copies of blobs, and other processes have them all. Name another folder.");
    }

    private async Task MakeAsync(
        string name, Copy copy, TaskCompletionSource making, Func<string, CancellationToken, Task> download, CancellationToken cancellationToken)
    {
        string temporary = PathOf(name) + TemporarySuffix;
        try
        {
            await download(temporary, cancellationToken);
            File.Move(temporary, PathOf(name), overwrite: true);
            making.SetResult();
        }
        catch (Exception e)
        {
            File.Delete(temporary);
            lock (_copies)
            {
                if (_copies.Remove(name))
                {
                    _bytes -= copy.Length;
                }
            }

            making.SetException(e is OperationCanceledException ? new IOException("The download of a blob was given up; ask for it again.", e) : e);
            _ = making.Task.Exception;                       // seen: nobody else may be waiting
            throw;
        }
    }

    /// <summary>Deletes the copies that were not used for longest until there is room. Call it with the lock held.</summary>
    private void MakeRoom(long length)
    {
        foreach (string name in _copies.Where(copy => copy.Value.Uses == 0).OrderBy(copy => copy.Value.LastUsed).Select(copy => copy.Key).ToArray())
        {
            if (_bytes + length <= _maxBytes)
            {
                return;
            }

            Forget(name);
        }

        if (length > 0 && _bytes + length > _maxBytes)
        {
            throw new StoreFullException(
                $"A blob of {length} bytes does not fit into the local copies at '{_folder}': {_bytes} of at most {_maxBytes} bytes are in use. "
                + "Raise Storage:CacheMaxBytes, or start another index process.");
        }
    }

    private void Forget(string name)
    {
        if (_copies.Remove(name, out Copy? copy))
        {
            _bytes -= copy.Length;
            File.Delete(PathOf(name));
        }
    }

    private void LetGo(Copy copy)
    {
        lock (_copies)
        {
            copy.Uses--;
        }
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private sealed class Copy(long length, DateTime lastUsed)
    {
        public long Length { get; } = length;

        public DateTime LastUsed { get; set; } = lastUsed;

        public int Uses { get; set; }

        public required Task Ready { get; init; }
    }

    private sealed class Use(LocalBlobCache cache, Copy copy, BlobView view) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                view.Dispose();
                cache.LetGo(copy);
            }
        }
    }
}
