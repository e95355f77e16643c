using System.Globalization;

namespace Platform.Indexing.Dense;

/// <summary>Measures a graph's recall against the exact scan, over widths of the beam, and finds the width for a wanted recall.</summary>
/// <remarks>The exact answers are found once, when the study is made. Not thread-safe.</remarks>
internal sealed class RecallStudy
{
    private readonly VectorRows _rows;
    private readonly HnswGraph _graph;
    private readonly float[][] _queries;
    private readonly int[] _ownDocIds;
    private readonly int _k;
    private readonly ulong[] _deleted;
    private readonly TimeProvider _time;
    private readonly DenseSearcher _searcher = new();
    private readonly DenseHit[][] _exact;

    private RecallStudy(
        VectorRows rows, HnswGraph graph, float[][] queries, int[] ownDocIds, int k, ulong[] deleted, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfZero(queries.Length, nameof(queries));
        _rows = rows;
        _graph = graph;
        _queries = queries;
        _ownDocIds = ownDocIds;
        _k = k;
        _deleted = deleted;
        _time = time;
        _exact = new DenseHit[queries.Length][];
        for (int i = 0; i < queries.Length; i++)
        {
            _exact[i] = Answer(i, 0, DenseAlgorithm.CodeScan, cancellationToken).Hits;
        }
    }

    /// <summary>Prepares a study of given queries.</summary>
    /// <param name="rows">The vectors.</param>
    /// <param name="graph">Their graph.</param>
    /// <param name="queries">At least one; best those that are really asked.</param>
    /// <param name="k">How many documents a query, at least 1.</param>
    /// <param name="deleted">One bit a document, set where it must not be found; may be empty.</param>
    /// <param name="time">Measures.</param>
    /// <param name="cancellationToken">Ends the preparation.</param>
    /// <exception cref="DenseVectorException">A query has another dimension, is not finite or too large.</exception>
    public static RecallStudy OfQueries(
        VectorRows rows, HnswGraph graph, float[][] queries, int k, ulong[] deleted, TimeProvider time, CancellationToken cancellationToken) =>
        new(rows, graph, queries, [], k, deleted, time, cancellationToken);

    /// <summary>Prepares a study with stored vectors for queries, each without itself in its answer.</summary>
    /// <param name="rows">The vectors, at least one.</param>
    /// <param name="graph">Their graph.</param>
    /// <param name="sample">How many queries; all vectors where there are fewer.</param>
    /// <param name="seed">Draws them.</param>
    /// <param name="k">How many documents a query, at least 1.</param>
    /// <param name="deleted">One bit a document, set where it must not be found; may be empty.</param>
    /// <param name="time">Measures.</param>
    /// <param name="cancellationToken">Ends the preparation.</param>
    public static RecallStudy OfStored(
        VectorRows rows, HnswGraph graph, int sample, ulong seed, int k, ulong[] deleted, TimeProvider time, CancellationToken cancellationToken)
    {
        int[] docIds = [.. SplitMix.Order(seed, rows.Count).Take(sample).Select(rows.DocIdOf)];
        float[][] queries = [.. docIds.Select(docId =>
        {
            float[] vector = new float[rows.Layout.Dimensions];
            rows.TryRead(docId, vector);
            return vector;
        })];
        return new RecallStudy(rows, graph, queries, docIds, k, deleted, time, cancellationToken);
    }

    /// <summary>Measures one width.</summary>
    /// <param name="ef">The width, 1 to 16,384; at least k is used.</param>
    /// <param name="cancellationToken">Ends the measurement.</param>
    public RecallPoint Measure(int ef, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ef, 1);
        double recall = 0;
        double codes = 0;
        TimeSpan[] times = new TimeSpan[_queries.Length];
        for (int i = 0; i < _queries.Length; i++)
        {
            long start = _time.GetTimestamp();
            DenseTopK answer = Answer(i, ef, DenseAlgorithm.Hnsw, cancellationToken);
            times[i] = _time.GetElapsedTime(start);
            recall += Recall(_exact[i], answer.Hits);
            codes += answer.Execution.Codes;
        }

        Array.Sort(times);
        return new RecallPoint(ef, recall / times.Length, times[times.Length / 2], times[times.Length * 95 / 100], codes / times.Length);
    }

    /// <summary>Finds the least width that reaches a recall, by doubling and halving.</summary>
    /// <param name="target">Above 0, at most 1.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The width and what it gives; where the widest beam does not reach the target, that one.</returns>
    public RecallPoint FindEf(double target, CancellationToken cancellationToken)
    {
        if (!(target is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(target), target, string.Create(CultureInfo.InvariantCulture, $"The wanted recall is {target}; it must be above 0 and at most 1."));
        }

        int widest = Math.Min(HnswOptions.MaxEf, Math.Max(_k, _rows.Count));
        int below = _k - 1;
        RecallPoint reached = Measure(_k, cancellationToken);
        while (reached.Recall < target && reached.Ef < widest)
        {
            below = reached.Ef;
            reached = Measure(Math.Min(widest, 2 * reached.Ef), cancellationToken);
        }

        while (reached.Recall >= target && reached.Ef - below > 1)
        {
            RecallPoint middle = Measure(below + ((reached.Ef - below) / 2), cancellationToken);
            if (middle.Recall >= target)
            {
                reached = middle;
            }
            else
            {
                below = middle.Ef;
            }
        }

        return reached;
    }

    /// <summary>The share of exact hits that were found; a found document with the score of the last exact one counts for it.</summary>
    public static double Recall(ReadOnlySpan<DenseHit> exact, ReadOnlySpan<DenseHit> found)
    {
        if (exact.IsEmpty)
        {
            return 1;
        }

        int good = 0;
        foreach (DenseHit hit in found)
        {
            good += hit.Score >= exact[^1].Score ? 1 : 0;
        }

        return Math.Min(good, exact.Length) / (double)exact.Length;
    }

    private DenseTopK Answer(int query, int ef, DenseAlgorithm algorithm, CancellationToken cancellationToken)
    {
        var scope = new DenseScope { Deleted = _deleted };
        if (_ownDocIds.Length == 0)
        {
            return _searcher.Search(_rows, _graph, _queries[query], _k, scope, ef, algorithm, cancellationToken);
        }

        DenseTopK answer = _searcher.Search(_rows, _graph, _queries[query], _k + 1, scope, ef, algorithm, cancellationToken);
        DenseHit[] others = [.. answer.Hits.Where(hit => hit.DocId != _ownDocIds[query]).Take(_k)];
        return answer with { Hits = others };
    }
}
