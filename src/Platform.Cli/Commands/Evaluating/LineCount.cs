namespace Platform.Cli.Commands.Evaluating;

/// <summary>Counts the lines of a file, at the speed of reading it.</summary>
internal static class LineCount
{
    /// <summary>Line feeds, and one more if the last line has none.</summary>
    public static async Task<long> OfAsync(string path, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1 << 20];
        long lines = 0;
        byte last = (byte)'\n';
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        while (await file.ReadAsync(buffer, cancellationToken) is > 0 and { } read)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            last = buffer[read - 1];
        }

        return last == '\n' ? lines : lines + 1;
    }
}
