namespace Platform.Encoders.Text;

/// <summary>A tokenizer file that is damaged, or asks for something that this tokenizer does not do.</summary>
public sealed class TokenizerException : ModelFileException
{
    private TokenizerException(string path, string message, Exception? inner)
        : base(path, message, inner)
    {
    }

    internal static TokenizerException Of(string path, string found, string remedy, Exception? inner = null) =>
        new(path, $"'{path}' {found}. {remedy}", inner);
}
