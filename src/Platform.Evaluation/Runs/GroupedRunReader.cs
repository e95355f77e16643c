using System.Runtime.CompilerServices;
using System.Text;
using Platform.Evaluation.Text;

namespace Platform.Evaluation.Runs;

/// <summary>Walks a run file query by query in the memory of one query, where each query's lines stand together.</summary>
internal sealed class GroupedRunReader : IDisposable
{
    private readonly Utf8Lines _lines;
    private readonly HashSet<string> _seen = [];
    private byte[] _tag = [];
    private byte[] _pendingQueryId = [];
    private byte[] _pendingDocumentId = [];
    private double _pendingScore;
    private long _pendingLine;
    private int[] _slots = [];

    public GroupedRunReader(string path)
    {
        _lines = TrecRunLine.Open(path);
        if (TrecRunLine.TryRead(_lines, out TrecRunLine line))
        {
            Hold(line);
        }
    }

    /// <summary>The tag of the last line read.</summary>
    public string Tag => Encoding.UTF8.GetString(_tag);

    /// <summary>True once a query came back after another: the lines are not grouped, and the walk is over.</summary>
    public bool IsInterleaved { get; private set; }

    /// <summary>Reads the next query into <paramref name="list"/>, ranked; false at the end or when interleaved.</summary>
    public bool TryRead(ResultList list)
    {
        if (_pendingLine == 0)
        {
            return false;
        }

        string queryId = Encoding.UTF8.GetString(_pendingQueryId);
        IsInterleaved = !_seen.Add(queryId);
        if (IsInterleaved)
        {
            return false;
        }

        list.Restart(queryId);
        list.Add(_pendingDocumentId, _pendingScore, _pendingLine);
        ReadRest(list);
        list.Complete(_lines.Path, ref _slots);
        return true;
    }

    public void Dispose() => _lines.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadRest(ResultList list)
    {
        while (TrecRunLine.TryRead(_lines, out TrecRunLine line))
        {
            if (!line.QueryId.SequenceEqual(_pendingQueryId))
            {
                Hold(line);
                return;
            }

            list.Add(line.DocumentId, line.Score, _lines.LineNumber);
            if (!line.Tag.SequenceEqual(_tag))
            {
                _tag = line.Tag.ToArray();
            }
        }

        _pendingLine = 0;
    }

    /// <summary>Keeps the first line of the next query: the buffer it lies in is about to be reused.</summary>
    private void Hold(TrecRunLine line)
    {
        _pendingQueryId = line.QueryId.ToArray();
        _pendingDocumentId = line.DocumentId.ToArray();
        _pendingScore = line.Score;
        _pendingLine = _lines.LineNumber;
        _tag = line.Tag.ToArray();
    }
}
