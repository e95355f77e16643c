using System.Globalization;

namespace Platform.Indexing.Storage;

/// <summary>Blobs as files below one folder; several processes of one machine may share it.</summary>
/// <remarks>
/// A put writes a temporary file, flushes it, and renames it over the blob while it holds the folder's lock file; the file's
/// modification time is the tag. It rises strictly under that lock: the lock file's own time remembers the newest tag, so that
/// none comes back when a blob is deleted and the clock goes back. An append looks at the length and writes under the same lock.
/// Folders are flushed after a rename or a creation.
/// </remarks>
public sealed class FileBlobStore : IBlobStore
{
    private const string TemporarySuffix = ".tmp";

    private readonly string _root;
    private readonly TimeProvider _time;

    /// <summary>Opens a store, and makes its folder if there is none.</summary>
    /// <param name="root">The folder; nothing else may write below it.</param>
    /// <param name="time">Gives the tags.</param>
    public FileBlobStore(string root, TimeProvider time)
    {
        _root = Path.GetFullPath(root);
        _time = time;
        MakeFolder(_root);
    }

    /// <inheritdoc/>
    public int MaxAppends => int.MaxValue;

    /// <inheritdoc/>
    public async Task<Blob?> GetAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            using var handle = OpenToRead(name);
            byte[] content = new byte[RandomAccess.GetLength(handle)];
            await ReadExactlyAsync(handle, name, 0, content, cancellationToken);
            return new Blob(content, TagOf(File.GetLastWriteTimeUtc(handle)));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<string?> GetETagAsync(string name, CancellationToken cancellationToken) => Task.FromResult(TagOfFile(PathOf(name)));

    /// <inheritdoc/>
    public async Task<byte[]> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken)
    {
        using var handle = OpenToRead(name);
        byte[] content = new byte[length];
        await ReadExactlyAsync(handle, name, offset, content, cancellationToken);
        return content;
    }

    /// <inheritdoc/>
    public Task<BlobView?> MapAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<BlobView?>(MappedFile.Open(PathOf(name)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<BlobView?>(null);
        }
    }

    /// <inheritdoc/>
    public async Task<string> PutAsync(string name, ReadOnlyMemory<byte> content, string? ifMatch, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        string folder = Path.GetDirectoryName(path)!;
        MakeFolder(folder);
        string temporary = $"{path}.{Guid.NewGuid():N}{TemporarySuffix}";
        try
        {
            using (var handle = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read, FileOptions.Asynchronous, content.Length))
            {
                await RandomAccess.WriteAsync(handle, content, 0, cancellationToken);
                RandomAccess.FlushToDisk(handle);
            }

            using (FileStream held = await LockAsync(folder, cancellationToken))
            {
                string? found = TagOfFile(path);
                if (found != ifMatch)
                {
                    throw new BlobConflictException(name, ifMatch ?? "none", found ?? "none");
                }

                DateTime modified = NextTime(found, held);
                File.SetLastWriteTimeUtc(held.SafeFileHandle, modified);
                File.SetLastWriteTimeUtc(temporary, modified);
                File.Move(temporary, path, overwrite: true);
                DirectoryFlush.Flush(folder);
                return TagOf(modified);
            }
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <inheritdoc/>
    public async Task AppendAsync(string name, long position, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        string folder = Path.GetDirectoryName(path)!;
        if (position == 0)
        {
            MakeFolder(folder);
        }

        using var handle = File.OpenHandle(
            path, position == 0 ? FileMode.OpenOrCreate : FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        using (await LockAsync(folder, cancellationToken))
        {
            long length = RandomAccess.GetLength(handle);
            if (length != position)
            {
                throw new BlobConflictException(name, $"length {position}", $"length {length}");
            }

            await RandomAccess.WriteAsync(handle, content, position, cancellationToken);
        }

        RandomAccess.FlushToDisk(handle);                    // outside the lock: whoever appends next flushes these bytes too
        if (position == 0)
        {
            DirectoryFlush.Flush(folder);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<BlobInfo>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        _ = BlobName.CheckedPrefix(prefix);
        List<BlobInfo> blobs = [];
        string folder = Path.Combine(_root, Path.GetDirectoryName(prefix) ?? "");
        if (Directory.Exists(folder))
        {
            foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
            {
                string name = Path.GetRelativePath(_root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
                if (name.StartsWith(prefix, StringComparison.Ordinal)
                    && file.Name != BlobName.LockName && !name.EndsWith(TemporarySuffix, StringComparison.Ordinal)
                    && LengthOf(file) is long length)
                {
                    blobs.Add(new BlobInfo(name, length));
                }
            }
        }

        blobs.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return Task.FromResult<IReadOnlyList<BlobInfo>>(blobs);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        if (File.Exists(path))
        {
            File.Delete(path);
            DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>Of the file system that the folder lies on.</remarks>
    public Task<StoreRoom?> MeasureRoomAsync(CancellationToken cancellationToken)
    {
        var disk = new DriveInfo(_root);
        return Task.FromResult<StoreRoom?>(new StoreRoom(disk.TotalSize, disk.AvailableFreeSpace));
    }

    private Microsoft.Win32.SafeHandles.SafeFileHandle OpenToRead(string name)
    {
        try
        {
            return File.OpenHandle(PathOf(name), options: FileOptions.Asynchronous, share: FileShare.ReadWrite | FileShare.Delete);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException($"There is no blob '{name}'.", e);      // callers know names, not folders
        }
    }

    private static long? LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return null;                                     // deleted since the listing began
        }
    }

    /// <summary>Makes a folder and those above it; a folder is durable when its parent has been flushed.</summary>
    private static void MakeFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            string parent = Path.GetDirectoryName(folder)!;
            MakeFolder(parent);
            Directory.CreateDirectory(folder);
            DirectoryFlush.Flush(parent);
        }
    }

    private static async Task ReadExactlyAsync(
        Microsoft.Win32.SafeHandles.SafeFileHandle handle, string name, long offset, Memory<byte> content, CancellationToken cancellationToken)
    {
        int done = 0;
        while (done < content.Length)
        {
            int read = await RandomAccess.ReadAsync(handle, content[done..], offset + done, cancellationToken);
            if (read == 0)
            {
                throw new EndOfStreamException($"Blob '{name}' ends at {offset + done}, before the {offset + content.Length} bytes asked for.");
            }

            done += read;
        }
    }

    private static string? TagOfFile(string path)
    {
        DateTime modified = File.GetLastWriteTimeUtc(path);
        return modified.Year == 1601 ? null : TagOf(modified);         // what .NET answers for a file that is not there
    }

    private static string TagOf(DateTime modified) => modified.Ticks.ToString("x", CultureInfo.InvariantCulture);

    private DateTime NextTime(string? tag, FileStream held)
    {
        long newest = File.GetLastWriteTimeUtc(held.SafeFileHandle).Ticks;
        long present = tag is null ? 0 : long.Parse(tag, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new DateTime(Math.Max(_time.GetUtcNow().UtcTicks, Math.Max(newest, present) + 1), DateTimeKind.Utc);
    }

    /// <summary>Holds the folder's lock file: an exclusive flock, which the system releases if the process dies.</summary>
    private async Task<FileStream> LockAsync(string folder, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, BlobName.LockName);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), _time, cancellationToken);     // held elsewhere
            }
        }
    }

    private string PathOf(string name) => Path.Combine(_root, BlobName.Checked(name));
}
