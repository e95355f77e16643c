using System.Text;
using Platform.Indexing.Sparse;

namespace Platform.Cli.Commands.Interchange;

/// <summary>Reads a file of vectors, a JsonVector a line; empty lines are passed over.</summary>
internal static class VectorLines
{
    /// <summary>Streams the vectors.</summary>
    /// <exception cref="CommandFaultException">There is no such file, or a line is no vector: the message names it.</exception>
    public static IEnumerable<InterchangeDocument> Read(string path, TermVocabulary vocabulary)
    {
        if (!File.Exists(path))
        {
            throw CommandFaultException.Usage($"There is no file '{path}'; name a file of vectors, one JSON object a line.");
        }

        long number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return Parse(path, number, line, vocabulary);
            }
        }
    }

    private static InterchangeDocument Parse(string path, long number, string line, TermVocabulary vocabulary)
    {
        try
        {
            return JsonVectorLine.Parse(System.Text.Encoding.UTF8.GetBytes(line), vocabulary);
        }
        catch (FormatException fault)
        {
            throw CommandFaultException.Failed($"{path}:{number}: {fault.Message}");
        }
    }
}
