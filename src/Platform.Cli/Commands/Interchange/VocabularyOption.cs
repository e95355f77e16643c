using System.CommandLine;
using Platform.Indexing.Sparse;

namespace Platform.Cli.Commands.Interchange;

/// <summary>The option that names the texts of terms: <c>--vocabulary FILE</c>.</summary>
internal static class VocabularyOption
{
    /// <summary>Makes the option.</summary>
    public static Option<string?> New() => new("--vocabulary")
    {
        HelpName = "FILE",
        Description = "The texts of terms in the order of their ids, one a line. Without it, terms are ids in decimal digits.",
    };

    /// <summary>Reads the file.</summary>
    /// <exception cref="CommandFaultException">There is no such file, or a text stands twice in it.</exception>
    public static TermVocabulary Read(string? path)
    {
        if (path is null)
        {
            return TermVocabulary.Digits;
        }

        try
        {
            return TermVocabulary.Of(File.ReadAllLines(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            throw CommandFaultException.Usage($"--vocabulary '{path}': {fault.Message}");
        }
    }
}
