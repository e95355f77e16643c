using System.Text;
using Platform.Evaluation.Collections;

namespace Platform.Evaluation.Runs;

/// <summary>A run: for each query its results, as a TREC run file holds them.</summary>
/// <remarks>
/// Immutable, safe for concurrent reads. A query's results are ordered as trec_eval orders them: by score descending, ties
/// by document id descending in byte order; the file's rank column counts for nothing. No document occurs twice in a query.
/// </remarks>
public sealed class TrecRun
{
    private readonly Dictionary<string, ResultList> _byQuery;
    private readonly List<ResultList> _lists;

    internal TrecRun(string tag, List<ResultList> lists)
    {
        Tag = tag;
        _lists = lists;
        _byQuery = lists.ToDictionary(list => list.QueryId);
        QueryIds = [.. lists.Select(list => list.QueryId)];
        ResultCount = lists.Sum(list => (long)list.Count);
    }

    /// <summary>The run's name: the sixth column of its last line; empty for a run without results.</summary>
    public string Tag { get; }

    /// <summary>The queries that have results, in the order of their first line.</summary>
    public IReadOnlyList<string> QueryIds { get; }

    /// <summary>Number of results over all queries.</summary>
    public long ResultCount { get; }

    internal IReadOnlyList<ResultList> Lists => _lists;

    /// <summary>Reads a run file: <c>qid Q0 docid rank score tag</c>, fields separated by spaces or tabs.</summary>
    /// <remarks>As in trec_eval: anything after the tag is ignored, lines that are blank or start with # are skipped, and
    /// the lines of a query may stand anywhere in the file.</remarks>
    /// <exception cref="CollectionFormatException">The file is missing; a line has fewer than six fields or a score that is
    /// no number; a document occurs twice in a query.</exception>
    public static TrecRun Read(string path) => TrecRunReader.Read(path);

    /// <summary>Makes a run from results in memory, in any order.</summary>
    /// <exception cref="ArgumentException">An id or the tag is empty or has whitespace; a score is NaN; a document occurs
    /// twice in a query.</exception>
    public static TrecRun Create(string tag, IEnumerable<KeyValuePair<string, IReadOnlyList<RunResult>>> resultsByQuery)
    {
        TrecToken.Check(tag, "tag");
        List<ResultList> lists = [];
        int[] slots = [];
        foreach ((string queryId, IReadOnlyList<RunResult> results) in resultsByQuery)
        {
            TrecToken.Check(queryId, "query id");
            ResultList list = new(queryId, results.Count, idCapacity: 0);
            for (int i = 0; i < results.Count; i++)
            {
                TrecToken.Check(results[i].DocumentId, "document id");
                TrecToken.CheckScore(queryId, results[i]);
                list.Add(Encoding.UTF8.GetBytes(results[i].DocumentId), results[i].Score, line: 0);
            }

            if (list.FindDuplicate(ref slots) is int duplicate and >= 0)
            {
                throw new ArgumentException(
                    $"Query '{queryId}' returns document '{list.ResultAt(duplicate).DocumentId}' twice; a run has it once.",
                    nameof(resultsByQuery));
            }

            list.Rank();
            lists.Add(list);
        }

        return new(tag, lists);
    }

    /// <summary>Returns a query's results, best first; empty for a query without results.</summary>
    public IReadOnlyList<RunResult> ResultsOf(string queryId) =>
        _byQuery.TryGetValue(queryId, out ResultList? list)
            ? [.. Enumerable.Range(0, list.Count).Select(list.ResultAt)]
            : [];

    /// <summary>Writes the run so that reading it back gives the same ids, scores and order.</summary>
    public void Write(string path)
    {
        using TrecRunWriter writer = new(path, Tag.Length == 0 ? "run" : Tag);
        foreach (ResultList list in _lists)
        {
            writer.Write(list.QueryId, [.. Enumerable.Range(0, list.Count).Select(list.ResultAt)]);
        }
    }

    internal ResultList? Find(string queryId) => _byQuery.GetValueOrDefault(queryId);
}
