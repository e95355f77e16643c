using System.Globalization;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Tests.Storage;

/// <summary>Blobs in memory: the obvious implementation, for tests that need thousands of crashes or a copy of a moment.</summary>
internal sealed class MemoryBlobStore : IBlobStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (byte[] Content, string Tag)> _blobs = new(StringComparer.Ordinal);
    private long _tags;

    /// <summary>An independent copy of the present moment.</summary>
    public MemoryBlobStore Copy()
    {
        lock (_lock)
        {
            var copy = new MemoryBlobStore { _tags = _tags };
            foreach ((string name, (byte[] content, string tag)) in _blobs)
            {
                copy._blobs.Add(name, ([.. content], tag));
            }

            return copy;
        }
    }

    /// <summary>The names of all blobs, in order.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
            {
                return [.. _blobs.Keys];
            }
        }
    }

    /// <summary>A blob's bytes as they lie, or a replacement of them that no client wrote: damage, or a golden file.</summary>
    public byte[] this[string name]
    {
        get
        {
            lock (_lock)
            {
                return [.. _blobs[name].Content];
            }
        }

        set
        {
            lock (_lock)
            {
                _blobs[name] = ([.. value], NextTag());
            }
        }
    }

    public int MaxAppends => int.MaxValue;

    public Task<Blob?> GetAsync(string name, CancellationToken cancellationToken)
    {
        Check(name);
        lock (_lock)
        {
            return Task.FromResult(_blobs.TryGetValue(name, out var blob) ? new Blob(blob.Content.ToArray(), blob.Tag) : null);
        }
    }

    public Task<string?> GetETagAsync(string name, CancellationToken cancellationToken)
    {
        Check(name);
        lock (_lock)
        {
            return Task.FromResult(_blobs.TryGetValue(name, out var blob) ? blob.Tag : null);
        }
    }

    public Task<byte[]> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken)
    {
        Check(name);
        lock (_lock)
        {
            byte[] content = _blobs.TryGetValue(name, out var blob) ? blob.Content : throw new FileNotFoundException(name);
            return offset + length <= content.Length
                ? Task.FromResult(content.AsSpan((int)offset, length).ToArray())
                : throw new EndOfStreamException(name);
        }
    }

    public Task<string> PutAsync(string name, ReadOnlyMemory<byte> content, string? ifMatch, CancellationToken cancellationToken)
    {
        Check(name);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            string? found = _blobs.TryGetValue(name, out var blob) ? blob.Tag : null;
            if (found != ifMatch)
            {
                throw new BlobConflictException(name, ifMatch ?? "none", found ?? "none");
            }

            string tag = NextTag();
            _blobs[name] = (content.ToArray(), tag);
            return Task.FromResult(tag);
        }
    }

    public Task AppendAsync(string name, long position, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Check(name);
        lock (_lock)
        {
            byte[] before = _blobs.TryGetValue(name, out var blob) ? blob.Content : [];
            if (before.Length != position)
            {
                throw new BlobConflictException(name, $"length {position}", $"length {before.Length}");
            }

            _blobs[name] = ([.. before, .. content.Span], NextTag());
            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<BlobInfo>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        Check(prefix + "x");
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<BlobInfo>>([.. _blobs
                .Where(blob => blob.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(blob => new BlobInfo(blob.Key, blob.Value.Content.Length))]);
        }
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        Check(name);
        lock (_lock)
        {
            _blobs.Remove(name);
            return Task.CompletedTask;
        }
    }

    private string NextTag() => (++_tags).ToString(CultureInfo.InvariantCulture);

    private static void Check(string name) => _ = BlobName.Checked(name);
}

/// <summary>The contract, kept by the store that the other tests stand on.</summary>
public sealed class MemoryBlobStoreContract : BlobStoreContract
{
    private readonly MemoryBlobStore _store = new();

    protected override IBlobStore Open() => _store;
}
