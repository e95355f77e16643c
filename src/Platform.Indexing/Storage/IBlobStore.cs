namespace Platform.Indexing.Storage;

/// <summary>Named byte sequences on durable storage: files or Azure blobs. Names are paths with <c>/</c> between parts.</summary>
/// <remarks>
/// A call that returns has made its effect durable: it survives the death of the process and of the machine.
/// A call that throws anything but <see cref="BlobConflictException"/> has an unknown effect.
/// Safe for use by any number of threads and processes.
/// </remarks>
public interface IBlobStore
{
    /// <summary>How many appends one blob takes, each of at most 100 MiB; the next is refused for ever.</summary>
    int MaxAppends { get; }

    /// <summary>The whole blob and its tag, read at one moment; null if there is none.</summary>
    Task<Blob?> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>The tag of the blob's present content; null if there is none. Every put changes it, and no tag comes back.</summary>
    Task<string?> GetETagAsync(string name, CancellationToken cancellationToken);

    /// <summary>Reads <paramref name="length"/> bytes from <paramref name="offset"/>.</summary>
    /// <exception cref="EndOfStreamException">The blob is shorter.</exception>
    /// <exception cref="FileNotFoundException">There is no such blob.</exception>
    Task<byte[]> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken);

    /// <summary>Opens a blob that is never replaced, as a whole; null if there is none.</summary>
    /// <remarks>Files are mapped, so that opening reads nothing; without an implementation of its own a store reads the blob into memory.</remarks>
    async Task<BlobView?> MapAsync(string name, CancellationToken cancellationToken) =>
        await GetAsync(name, cancellationToken) is Blob blob ? new BlobView(blob.Content) : null;

    /// <summary>Replaces the blob as a whole, if the condition holds; readers see the old or the new content, never a mixture.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="content">Its new content.</param>
    /// <param name="ifMatch">The tag the present content must bear; null if the blob must not exist yet.</param>
    /// <param name="cancellationToken">Cancels before the switch.</param>
    /// <returns>The new tag.</returns>
    /// <exception cref="BlobConflictException">The condition does not hold.</exception>
    Task<string> PutAsync(string name, ReadOnlyMemory<byte> content, string? ifMatch, CancellationToken cancellationToken);

    /// <summary>Appends to a log blob, which the first append makes.</summary>
    /// <param name="name">The blob; only ever appended to.</param>
    /// <param name="position">The length it must have before; so no two writers interleave.</param>
    /// <param name="content">What to add.</param>
    /// <param name="cancellationToken">Cancels before the write.</param>
    /// <exception cref="BlobConflictException">It has another length.</exception>
    Task AppendAsync(string name, long position, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The blobs whose names start with a prefix, ordered by name (ordinal).</summary>
    Task<IReadOnlyList<BlobInfo>> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>How much room there is; null for a store without an end that it knows of.</summary>
    Task<StoreRoom?> MeasureRoomAsync(CancellationToken cancellationToken) => Task.FromResult<StoreRoom?>(null);

    /// <summary>Deletes a blob; nothing happens if there is none.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);
}

/// <summary>A blob's content and the tag it bore.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="ETag">Changes with every put.</param>
public sealed record Blob(ReadOnlyMemory<byte> Content, string ETag);

/// <summary>A blob in a listing.</summary>
/// <param name="Name">Its whole name.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct BlobInfo(string Name, long Length);
