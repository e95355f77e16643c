namespace Platform.Evaluation.Collections;

/// <summary>A collection, run or qrels file that cannot be read as what it should be.</summary>
/// <remarks>The message names the file, the line, what was found, what was expected and the remedy.</remarks>
public sealed class CollectionFormatException : Exception
{
    private CollectionFormatException(string message, string path, long? line, Exception? inner)
        : base(message, inner)
    {
        Path = path;
        Line = line;
    }

    /// <summary>The file or folder as the caller named it.</summary>
    public string Path { get; }

    /// <summary>The line, counted from 1; null where the fault is the file or folder itself.</summary>
    public long? Line { get; }

    internal static CollectionFormatException At(
        string path, long line, string found, string expected, string remedy, Exception? inner = null) =>
        new($"'{path}' line {line}: found {found}; expected {expected}. {remedy}", path, line, inner);

    internal static CollectionFormatException Of(
        string path, string found, string expected, string remedy, Exception? inner = null) =>
        new($"'{path}': found {found}; expected {expected}. {remedy}", path, line: null, inner);

    internal static CollectionFormatException MissingFile(string path, string expected) =>
        Of(path, "no such file", expected, "Check the path, or restore the file.");
}
