namespace Platform.Cli.Commands.Ingesting;

/// <summary>Remembers which line each document of a stream came from, in memory that grows with the gaps, not with the documents. Thread-safe.</summary>
internal sealed class LineMap
{
    private readonly Lock _lock = new();
    private readonly List<(long Position, string File, long Number)> _jumps = [];

    /// <summary>Notes the next document.</summary>
    /// <param name="position">Its place in the stream, from 1, ascending by 1.</param>
    /// <param name="file">Its file.</param>
    /// <param name="number">Its line.</param>
    public void Add(long position, string file, long number)
    {
        lock (_lock)
        {
            if (_jumps.Count == 0 || !Continues(_jumps[^1], position, file, number))
            {
                _jumps.Add((position, file, number));
            }
        }
    }

    /// <summary>The line of a document that was added.</summary>
    public LineOf Of(long position)
    {
        lock (_lock)
        {
            int found = _jumps.BinarySearch((position, "", 0), Comparer<(long Position, string File, long Number)>.Create(
                (left, right) => left.Position.CompareTo(right.Position)));
            (long start, string file, long number) = _jumps[found >= 0 ? found : ~found - 1];
            return new LineOf(file, number + (position - start));
        }
    }

    private static bool Continues((long Position, string File, long Number) jump, long position, string file, long number) =>
        ReferenceEquals(jump.File, file) && number - jump.Number == position - jump.Position;
}

/// <summary>A line of a file.</summary>
/// <param name="File">The path as given; <c>-</c> for standard input.</param>
/// <param name="Number">The line's number, from 1.</param>
internal readonly record struct LineOf(string File, long Number)
{
    /// <summary>For example <c>corpus.jsonl:17</c>.</summary>
    public override string ToString() => $"{(File is "-" ? "standard input" : File)}:{Number}";
}
