namespace Platform.Indexing.Storage;

/// <summary>A blob's bytes, readable until it is disposed: a map of the file, or a copy in memory.</summary>
/// <param name="content">The bytes.</param>
/// <param name="owner">Holds them; null for the garbage collector.</param>
public sealed class BlobView(ReadOnlyMemory<byte> content, IDisposable? owner = null) : IDisposable
{
    /// <summary>The bytes. Nothing may read them after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Content { get; } = content;

    /// <summary>Lets the bytes go. Safe to repeat.</summary>
    public void Dispose() => owner?.Dispose();
}
