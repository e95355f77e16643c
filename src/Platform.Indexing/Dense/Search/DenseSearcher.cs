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
    private readonly List<NearestCollector> _collectors = [new NearestCollector()];
    private float[] _queries = [];

    /// <summary>Finds the k documents with the largest inner products.</summary>
    /// <param name="rows">Where to search; nobody may add to it, and it must stay open, until this returns.</param>
    /// <param name="query">One float a dimension.</param>
    /// <param name="k">How many, at least 1.</param>
    /// <param name="scope">Which documents may be found, and the order of ties.</param>
    /// <param name="algorithm">How; every algorithm gives the same answer.</param>
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
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        _query.Set(rows.Layout, query);
        NearestCollector collector = _collectors[0];
        collector.Start(k, rows.Count, scope.TieOrder);
        algorithm = algorithm == DenseAlgorithm.Planned ? DenseAlgorithm.CodeScan : algorithm;
        (long codes, long vectors) = rows.Layout.Precision switch
        {
            VectorPrecision.Float32 => Run<Float32Reader>(rows, scope, algorithm, collector, cancellationToken),
            VectorPrecision.Float16 => Run<Float16Reader>(rows, scope, algorithm, collector, cancellationToken),
            VectorPrecision.BFloat16 => Run<BFloat16Reader>(rows, scope, algorithm, collector, cancellationToken),
            _ => Run<Int8Reader>(rows, scope, algorithm, collector, cancellationToken),
        };
        return new DenseTopK(collector.Finish(), new DenseExecution(algorithm, codes, vectors));
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

    private (long Codes, long Vectors) Run<TReader>(
        VectorRows rows, in DenseScope scope, DenseAlgorithm algorithm, NearestCollector collector, CancellationToken cancellationToken)
        where TReader : struct, IRowReader => algorithm == DenseAlgorithm.Scan
            ? (0, FlatScan.Run<TReader>(rows, _query, scope, collector, cancellationToken))
            : CodeScan.Run<TReader>(rows, _query, scope, collector, cancellationToken);
}
