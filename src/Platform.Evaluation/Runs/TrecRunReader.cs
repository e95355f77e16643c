using System.Text;
using Platform.Evaluation.Text;

namespace Platform.Evaluation.Runs;

/// <summary>Reads a whole run file, whatever the order of its lines, without a string a line.</summary>
internal sealed class TrecRunReader
{
    private readonly Dictionary<string, ResultList> _byQuery = [];
    private readonly List<ResultList> _lists = [];
    private byte[] _queryId = [];
    private ResultList? _list;

    public static TrecRun Read(string path)
    {
        using Utf8Lines lines = TrecRunLine.Open(path);
        return new TrecRunReader().Read(lines);
    }

    private TrecRun Read(Utf8Lines lines)
    {
        byte[] tag = [];
        while (TrecRunLine.TryRead(lines, out TrecRunLine line))
        {
            ListOf(line.QueryId).Add(line.DocumentId, line.Score, lines.LineNumber);
            if (!line.Tag.SequenceEqual(tag))
            {
                tag = line.Tag.ToArray();
            }
        }

        int[] slots = [];
        foreach (ResultList list in _lists)
        {
            list.Complete(lines.Path, ref slots);
        }

        return new(Encoding.UTF8.GetString(tag), _lists);
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
}
