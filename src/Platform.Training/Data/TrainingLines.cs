using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Platform.Training.Data;

/// <summary>The lines of a JSONL file as JSON objects, read in the memory of one line.</summary>
internal static class TrainingLines
{
    /// <summary>Longest line accepted, in bytes: a query with a hundred long passages is a tenth of it.</summary>
    public const int MaxLineBytes = 16 << 20;

    private const int InitialBufferBytes = 1 << 16;

    /// <summary>Yields each line that is not blank with its number, from 1; the caller disposes the documents.</summary>
    public static async IAsyncEnumerable<(long Number, JsonDocument Line)> ReadAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw TrainingFormatException.MissingFile(path);
        }

        await using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        byte[] buffer = new byte[InitialBufferBytes];
        long number = 0;
        int start = 0;
        int end = 0;
        for (bool more = true; more;)
        {
            if (end == buffer.Length)
            {
                buffer = MakeRoom(buffer, path, number, ref start, ref end);
            }

            int received = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
            end += received;
            more = received > 0;
            while (TryTake(buffer, ref start, end, atEnd: !more, out ReadOnlyMemory<byte> line))
            {
                number++;
                if (Parse(path, number, line) is JsonDocument document)
                {
                    yield return (number, document);
                }
            }
        }
    }

    private static bool TryTake(byte[] buffer, ref int start, int end, bool atEnd, out ReadOnlyMemory<byte> line)
    {
        int newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
        int length = newline >= 0 ? newline : end - start;
        line = buffer.AsMemory(start, length);
        if (newline < 0 && (!atEnd || length == 0))
        {
            return false;
        }

        start += newline >= 0 ? length + 1 : length;
        return true;
    }

    private static byte[] MakeRoom(byte[] buffer, string path, long number, ref int start, ref int end)
    {
        int pending = end - start;
        if (pending >= MaxLineBytes)
        {
            throw TrainingFormatException.At(path, number + 1, $"a line of more than {MaxLineBytes:N0} bytes",
                $"lines of at most {MaxLineBytes:N0} bytes", "Write one example a line, with fewer or shorter passages.");
        }

        byte[] larger = pending > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        buffer.AsSpan(start, pending).CopyTo(larger);
        (start, end) = (0, pending);
        return larger;
    }

    private static JsonDocument? Parse(string path, long number, ReadOnlyMemory<byte> line)
    {
        line = number == 1 && line.Span.StartsWith(Encoding.UTF8.Preamble) ? line[Encoding.UTF8.Preamble.Length..] : line;
        if (line.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
        {
            return null;
        }

        try
        {
            // A document keeps its bytes, and the buffer is about to move: it gets its own.
            JsonDocument document = JsonDocument.Parse(new ReadOnlySequence<byte>(line.ToArray()));
            return document.RootElement.ValueKind == JsonValueKind.Object ? document
                : throw TrainingFormatException.At(path, number, $"a JSON {document.RootElement.ValueKind}", "a JSON object",
                    "Write one example a line.");
        }
        catch (JsonException exception)
        {
            throw TrainingFormatException.At(path, number, $"broken JSON ({exception.Message})", "a JSON object",
                "Write one example a line, as UTF-8.", exception);
        }
    }
}
