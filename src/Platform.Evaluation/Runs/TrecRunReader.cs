using System.Text;
using Platform.Evaluation.Collections;
using Platform.Evaluation.Text;

namespace Platform.Evaluation.Runs;

/// <summary>Reads run files as trec_eval does, without a string a line.</summary>
internal sealed class TrecRunReader
{
    private const string Layout = "'qid Q0 docid rank score tag'";

    private readonly Dictionary<string, ResultList> _byQuery = [];
    private readonly List<ResultList> _lists = [];
    private byte[] _queryId = [];
    private ResultList? _list;

    public static TrecRun Read(string path)
    {
        using Utf8Lines lines = Utf8Lines.Open(path, $"a run file, {Layout} a line");
        return new TrecRunReader().Read(lines);
    }

    public static TrecRun Read(Stream stream, string name) => new TrecRunReader().Read(new Utf8Lines(stream, name));

    private TrecRun Read(Utf8Lines lines)
    {
        byte[] tag = [];
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (Fields.IsBlankOrComment(line))
            {
                continue;
            }

            int cursor = 0;
            ReadOnlySpan<byte> queryId = Fields.Next(line, ref cursor);
            _ = Fields.Next(line, ref cursor);
            ReadOnlySpan<byte> documentId = Fields.Next(line, ref cursor);
            _ = Fields.Next(line, ref cursor);
            ReadOnlySpan<byte> score = Fields.Next(line, ref cursor);
            ReadOnlySpan<byte> lineTag = Fields.Next(line, ref cursor);
            if (lineTag.IsEmpty)
            {
                throw CollectionFormatException.At(lines.Path, lines.LineNumber, $"{Fields.Count(line)} fields", Layout,
                    "Give each line its six fields; trec_eval needs the tag too.");
            }

            if (!Fields.TryParseDouble(score, out double value))
            {
                throw CollectionFormatException.At(lines.Path, lines.LineNumber, $"score {Fields.Show(score)}",
                    "a decimal number", "Write scores with a point and no thousands separator.");
            }

            ListOf(queryId).Add(documentId, value, lines.LineNumber);
            if (!lineTag.SequenceEqual(tag))
            {
                tag = lineTag.ToArray();
            }
        }

        return Ranked(lines.Path, Encoding.UTF8.GetString(tag));
    }

    private ResultList ListOf(ReadOnlySpan<byte> queryId)
    {
        if (_list is not null && queryId.SequenceEqual(_queryId))
        {
            return _list;
        }

        string key = Encoding.UTF8.GetString(queryId);
        if (!_byQuery.TryGetValue(key, out ResultList? list))
        {
            // Most runs go equally deep for each query: the previous query says how much room this one needs.
            list = new(key, _list?.Count ?? 1024, _list is null ? 8192 : _list.IdBytes * 5 / 4);
            _byQuery.Add(key, list);
            _lists.Add(list);
        }

        _queryId = queryId.ToArray();
        return _list = list;
    }

    private TrecRun Ranked(string path, string tag)
    {
        int[] slots = [];
        foreach (ResultList list in _lists)
        {
            if (list.FindDuplicate(ref slots) is int duplicate and >= 0)
            {
                throw CollectionFormatException.At(path, list.LineAt(duplicate),
                    $"document {Fields.Show(list.IdAt(duplicate))} a second time for query '{list.QueryId}'",
                    "each document once in a query", "Remove the repeated line; trec_eval refuses it too.");
            }

            list.Rank();
        }

        return new(tag, _lists);
    }
}
