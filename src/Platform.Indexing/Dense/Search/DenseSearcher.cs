using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Dense;

/// <summary>Answers dense queries on memory segments and files. Holds the state a query needs, so that a query allocates only its result.</summary>
/// <remarks>Keep one a thread and reuse it for any segment; not thread-safe.</remarks>
internal sealed unsafe class DenseSearcher
{
    /// <summary>The most queries of a batch.</summary>
    public const int MaxBatch = 1024;

    private readonly DenseQuery _query = new();
    private readonly BatchScan _batch = new();
    private readonly HnswSearch _graph = new();
    private readonly List<NearestCollector> _collectors = [new NearestCollector()];
    private float[] _queries = [];

    /// <summary>Finds the k documents with the largest inner products.</summary>
    /// <param name="rows">Where to search; nobody may add to it, and it must stay open, until this returns.</param>
    /// <param name="query">One float a dimension.</param>
    /// <param name="k">How many, at least 1.</param>
    /// <param name="scope">Which documents may be found, and the order of ties.</param>
    /// <param name="algorithm">How; every algorithm but those by a graph, which are refused here, gives the same answer.</param>
    /// <param name="cancellationToken">Ends the search with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="DenseVectorException">The query has another dimension, is not finite or too large.</exception>
    /// <exception cref="DenseFormatException">A part of the segment that the query needs is damaged.</exception>
    public DenseTopK Search(
        VectorRows rows,
        ReadOnlySpan<float> query,
        int k,
        in DenseScope scope = default,
        DenseAlgorithm algorithm = DenseAlgorithm.Planned,
        CancellationToken cancellationToken = default)
    {
        if (algorithm.IsGraph())
        {
            throw new ArgumentException($"{algorithm} needs a graph. Give the one of these vectors, or name another algorithm.", nameof(algorithm));
        }

        return Search(rows, graph: null, query, k, scope, ef: 0, algorithm, cancellationToken);
    }

    /// <summary>Finds the k documents with the largest inner products, by a graph where that costs less than a scan.</summary>
    /// <remarks>
    /// Scores are exact whatever answers; a graph may miss documents, the fewer the larger ef is (<see cref="RecallStudy"/> measures).
    /// It never answers with fewer documents than a scan would: where it would, or becomes as dear as one, a scan answers.
    /// </remarks>
    /// <param name="rows">Where to search; nobody may add to it, and it must stay open, until this returns.</param>
    /// <param name="graph">The graph over exactly these rows; null for none.</param>
    /// <param name="query">One float a dimension.</param>
    /// <param name="k">How many, at least 1.</param>
    /// <param name="scope">Which documents may be found, and the order of ties.</param>
    /// <param name="ef">The width of the beam in the graph, 0 (for <see cref="DensePlanner.DefaultEf"/>) to 16,384; at least k is used.</param>
    /// <param name="algorithm">How; planned by cost unless named.</param>
    /// <param name="cancellationToken">Ends the search with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The graph has another number of rows, or the algorithm needs one and there is none.</exception>
    /// <exception cref="DenseVectorException">The query has another dimension, is not finite or too large.</exception>
    /// <exception cref="DenseFormatException">A part of the segment or the graph that the query needs is damaged.</exception>
    public DenseTopK Search(
        VectorRows rows,
        HnswGraph? graph,
        ReadOnlySpan<float> query,
        int k,
        in DenseScope scope = default,
        int ef = 0,
        DenseAlgorithm algorithm = DenseAlgorithm.Planned,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ef);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ef, HnswOptions.MaxEf);
        if (graph is null ? algorithm.IsGraph() : graph.Count != rows.Count)
        {
            throw new ArgumentException($"The graph has {graph?.Count ?? 0} rows; the vectors have {rows.Count}. Give the graph of these vectors.", nameof(graph));
        }

        _query.Set(rows.Layout, query);
        DensePlan plan = algorithm == DenseAlgorithm.Planned
            ? DensePlanner.Choose(rows, graph, k, ef, scope)
            : DensePlanner.Asked(rows, algorithm, k, ef);
        return rows.Layout.Precision switch
        {
            VectorPrecision.Float32 => Run<Float32Reader>(rows, graph, k, scope, plan, cancellationToken),
            VectorPrecision.Float16 => Run<Float16Reader>(rows, graph, k, scope, plan, cancellationToken),
            VectorPrecision.BFloat16 => Run<BFloat16Reader>(rows, graph, k, scope, plan, cancellationToken),
            _ => Run<Int8Reader>(rows, graph, k, scope, plan, cancellationToken),
        };
    }

    /// <summary>Answers several queries in one pass; each answer is that of the query alone.</summary>
    /// <param name="rows">Where to search; nobody may add to it, and it must stay open, until this returns.</param>
    /// <param name="queries">One float a dimension, query after query, at most <see cref="MaxBatch"/> of them.</param>
    /// <param name="k">How many documents a query, at least 1.</param>
    /// <param name="scope">Which documents may be found, and the order of ties.</param>
    /// <param name="cancellationToken">Ends the search with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="DenseVectorException">A query is not finite or too large, or the last one is not whole.</exception>
    /// <exception cref="DenseFormatException">A part of the segment that the queries need is damaged.</exception>
    public DenseHit[][] SearchBatch(
        VectorRows rows, ReadOnlySpan<float> queries, int k, in DenseScope scope = default, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        VectorLayout layout = rows.Layout;
        int count = (queries.Length + layout.Dimensions - 1) / layout.Dimensions;
        if (count > MaxBatch)
        {
            throw new ArgumentException($"The batch has {count} queries; it may have {MaxBatch}. Split it.", nameof(queries));
        }

        if (_queries.Length < (long)count * layout.CodeBytes)
        {
            _queries = GC.AllocateArray<float>(count * layout.CodeBytes, pinned: true);
        }

        _queries.AsSpan().Clear();
        for (int i = 0; i < count; i++)
        {
            int first = i * layout.Dimensions;
            ReadOnlySpan<float> query = queries.Slice(first, Math.Min(layout.Dimensions, queries.Length - first));
            layout.CheckQuery(query);
            query.CopyTo(_queries.AsSpan(i * layout.CodeBytes));
        }

        while (_collectors.Count < count)
        {
            _collectors.Add(new NearestCollector());
        }

        ReadOnlySpan<NearestCollector> collectors = CollectionsMarshal.AsSpan(_collectors)[..count];
        foreach (NearestCollector collector in collectors)
        {
            collector.Start(k, rows.Count, scope.TieOrder);
        }

        // SAFETY: the array is pinned and held by this object.
        float* padded = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_queries));
        _ = layout.Precision switch
        {
            VectorPrecision.Float32 => _batch.Run<Float32Reader>(rows, padded, collectors, scope, cancellationToken),
            VectorPrecision.Float16 => _batch.Run<Float16Reader>(rows, padded, collectors, scope, cancellationToken),
            VectorPrecision.BFloat16 => _batch.Run<BFloat16Reader>(rows, padded, collectors, scope, cancellationToken),
            _ => _batch.Run<Int8Reader>(rows, padded, collectors, scope, cancellationToken),
        };
        var hits = new DenseHit[count][];
        for (int i = 0; i < count; i++)
        {
            hits[i] = collectors[i].Finish();
        }

        return hits;
    }

    private DenseTopK Run<TReader>(
        VectorRows rows, HnswGraph? graph, int k, in DenseScope scope, DensePlan plan, CancellationToken cancellationToken)
        where TReader : struct, IRowReader
    {
        NearestCollector collector = _collectors[0];
        collector.Start(k, rows.Count, scope.TieOrder);
        long spent = 0;
        if (plan.Algorithm.IsGraph() && graph!.Count > 0)
        {
            (bool done, long beamed, long rescored) = _graph.Run<TReader>(rows, graph, _query, scope, plan, collector, cancellationToken);
            DenseHit[] hits = done ? collector.Finish() : [];
            if (done && (hits.Length == k || hits.Length >= DensePlanner.MatchesAtMost(rows, scope)))
            {
                return new DenseTopK(hits, new DenseExecution(plan.Algorithm, beamed, rescored, plan.Reason, plan.Ef));
            }

            spent = beamed;
            plan = new DensePlan(DenseAlgorithm.CodeScan, done ? DenseReason.GraphIncomplete : DenseReason.GraphTooDear, 0, 0);
            collector.Start(k, rows.Count, scope.TieOrder);
        }

        (long codes, long vectors) = plan.Algorithm == DenseAlgorithm.Scan
            ? (0, FlatScan.Run<TReader>(rows, _query, scope, collector, cancellationToken))
            : CodeScan.Run<TReader>(rows, _query, scope, collector, cancellationToken);
        return new DenseTopK(collector.Finish(), new DenseExecution(plan.Algorithm, spent + codes, vectors, plan.Reason));
    }
}
