namespace Platform.Training.Data;

/// <summary>A training file that cannot be read as what it should be.</summary>
/// <remarks>The message names the file, the line, what was found, what was expected and the remedy.</remarks>
public sealed class TrainingFormatException : Exception
{
    private TrainingFormatException(string message, string path, long? line, Exception? inner)
        : base(message, inner)
    {
        Path = path;
        Line = line;
    }

    /// <summary>The file as the caller named it.</summary>
    public string Path { get; }

    /// <summary>The line, counted from 1; null where the fault is the file itself.</summary>
    public long? Line { get; }

    internal static TrainingFormatException At(
        string path, long line, string found, string expected, string remedy, Exception? inner = null) =>
        new($"'{path}' line {line}: found {found}; expected {expected}. {remedy}", path, line, inner);

    internal static TrainingFormatException MissingFile(string path) =>
        new($"'{path}': found no such file; expected training examples, one JSON object a line. Check the path.",
            path, line: null, inner: null);
}
