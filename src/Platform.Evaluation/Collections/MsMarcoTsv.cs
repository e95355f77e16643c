using System.Runtime.CompilerServices;
using System.Text;
using Platform.Evaluation.Text;

namespace Platform.Evaluation.Collections;

/// <summary>MS MARCO's files: collection.tsv and queries.tsv, an id and a text a line, separated by a tab.</summary>
/// <remarks>Their qrels are TREC's: <see cref="Runs.Qrels.Read"/>. Nguyen et al. 2016, arXiv:1611.09268.</remarks>
public static class MsMarcoTsv
{
    /// <summary>Streams passages; they have no title.</summary>
    /// <exception cref="CollectionFormatException">The file is missing, or a line is not an id, a tab and a text.</exception>
    public static async IAsyncEnumerable<CollectionDocument> ReadPassagesAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using Utf8Lines lines = Utf8Lines.Open(path, "passages, 'pid TAB text' a line");
        while (await lines.ReadAsync(cancellationToken) is ReadOnlyMemory<byte> line)
        {
            if (!line.IsEmpty)
            {
                (string id, string text) = Split(lines, line.Span);
                yield return new(id, Title: "", text);
            }
        }
    }

    /// <summary>Streams queries.</summary>
    /// <exception cref="CollectionFormatException">As for passages; also a query id that occurs twice.</exception>
    public static async IAsyncEnumerable<CollectionQuery> ReadQueriesAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        HashSet<string> seen = [];
        using Utf8Lines lines = Utf8Lines.Open(path, "queries, 'qid TAB text' a line");
        while (await lines.ReadAsync(cancellationToken) is ReadOnlyMemory<byte> line)
        {
            if (line.IsEmpty)
            {
                continue;
            }

            (string id, string text) = Split(lines, line.Span);
            if (!seen.Add(id))
            {
                throw CollectionFormatException.At(path, lines.LineNumber, $"query id '{id}' a second time",
                    "each query once", "Remove or rename one of the two.");
            }

            yield return new(id, text);
        }
    }

    private static (string Id, string Text) Split(Utf8Lines lines, ReadOnlySpan<byte> line)
    {
        int tab = line.IndexOf((byte)'\t');
        if (tab <= 0 || line[(tab + 1)..].Contains((byte)'\t'))
        {
            throw CollectionFormatException.At(lines.Path, lines.LineNumber,
                tab < 0 ? "1 column" : tab == 0 ? "an empty id" : $"{line.Count((byte)'\t') + 1} columns",
                "2 columns: an id and a text, separated by one tab", "Replace tabs inside a text by spaces.");
        }

        return (Encoding.UTF8.GetString(line[..tab]), Encoding.UTF8.GetString(line[(tab + 1)..]));
    }
}
