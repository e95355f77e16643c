namespace Platform.Encoders;

/// <summary>A file of a model that cannot be read as what it should be: weights, tokenizer, configuration, contract or manifest.</summary>
/// <remarks>The message names the file, what was found, the limit and the remedy. Text from the file is shortened and escaped in it.</remarks>
public abstract class ModelFileException : Exception
{
    private const int LongestQuote = 100;

    private protected ModelFileException(string path, string message, Exception? inner)
        : base(message, inner)
    {
        Path = path;
    }

    /// <summary>The file or folder at fault.</summary>
    public string Path { get; }

    /// <summary>Text from a file as a message may show it: one line, no control characters, at most a hundred characters.</summary>
    internal static string Quote(string text)
    {
        string shorter = text.Length <= LongestQuote ? text : $"{text[..LongestQuote]}…";
        return $"'{string.Concat(shorter.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? $"\\u{(int)c:x4}" : c.ToString()))}'";
    }
}
