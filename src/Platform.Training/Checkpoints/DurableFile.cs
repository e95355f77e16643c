namespace Platform.Training.Checkpoints;

/// <summary>Writes small files that are on the disk when the call returns.</summary>
internal static class DurableFile
{
    /// <summary>Writes a new file; one that exists is an error.</summary>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, useAsync: true);
        await stream.WriteAsync(content, cancellationToken);
        stream.Flush(flushToDisk: true);
    }
}
