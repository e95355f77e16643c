namespace Platform.Indexing.Dense;

/// <summary>
/// Answers a query by a graph: down the levels to near the best, a beam of ef on level 0 by codes, then the stored vectors of those
/// that may be among the k best by their code's error bound. Scores are exact; which documents are found is not.
/// </summary>
internal sealed unsafe class HnswSearch
{
    private const float Underflow = 1e-35f;                     // as in ScoreMask

    private readonly HnswBeam _beam = new();

    /// <summary>Offers the best rows it finds to the collector.</summary>
    /// <param name="rows">The vectors.</param>
    /// <param name="graph">Their graph, not empty.</param>
    /// <param name="query">The query.</param>
    /// <param name="scope">Which documents may be found; the others are passed through.</param>
    /// <param name="plan">Width and budget, and whether to go by codes or by stored vectors.</param>
    /// <param name="collector">Started.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Whether it went through, and what was multiplied; where not, nothing was offered.</returns>
    public (bool Done, long Codes, long Vectors) Run<TReader>(
        VectorRows rows, HnswGraph graph, DenseQuery query, in DenseScope scope, in DensePlan plan, NearestCollector collector, CancellationToken cancellationToken)
        where TReader : struct, IRowReader
    {
        cancellationToken.ThrowIfCancellationRequested();
        _beam.Start();
        if (plan.Algorithm == DenseAlgorithm.HnswByVectors)
        {
            bool found = Traverse(rows, graph, new VectorScorer<TReader>(rows, query), scope, plan, cancellationToken);
            foreach (ulong key in found ? _beam.Found : [])
            {
                collector.Offer(rows.DocIdOf(RowKey.RowOf(key)), RowKey.ScoreOf(key));
            }

            return (found, 0, _beam.Scored);
        }

        bool done = Traverse(rows, graph, new CodeScorer(rows, query), scope, plan, cancellationToken);
        return (done, _beam.Scored, done ? Rescore<TReader>(rows, query, collector) : 0);
    }

    private bool Traverse<TScorer>(
        VectorRows rows, HnswGraph graph, in TScorer scorer, in DenseScope scope, in DensePlan plan, CancellationToken cancellationToken)
        where TScorer : struct, IRowScorer
    {
        int from = _beam.Descend(graph, scorer, graph.Entry, graph.LevelOf(graph.Entry), toLevel: 1);
        return scope.IsEverything
            ? _beam.TryRun(graph, scorer, default(OpenGate), from, 0, plan.Ef, plan.Budget, cancellationToken)
            : _beam.TryRun(graph, scorer, new ScopeGate(rows, scope), from, 0, plan.Ef, plan.Budget, cancellationToken);
    }

    private long Rescore<TReader>(VectorRows rows, DenseQuery query, NearestCollector collector)
        where TReader : struct, IRowReader
    {
        const int Size = VectorLayout.BlockSize;
        VectorLayout layout = rows.Layout;
        bool scaled = layout.Precision == VectorPrecision.Int8;
        long vectors = 0;
        foreach (ulong key in _beam.Found)
        {
            int row = RowKey.RowOf(key);
            int within = row % Size;
            float* bounds = rows.Bounds(row / Size) + within;
            float bound = (query.Norm * bounds[Size]) + (query.Error * bounds[2 * Size]) + Underflow;
            if (RowKey.ScoreOf(key) + bound >= collector.Threshold)
            {
                float score = RowProduct<TReader>.Dot(query.Values, rows.Rows(row / Size) + ((long)within * layout.RowBytes), layout.PaddedDimensions);
                vectors++;
                collector.Offer(rows.DocIdOf(row), scaled ? score * bounds[0] : score);
            }
        }

        return vectors;
    }
}
