using System.Numerics;

namespace Platform.Indexing.Dense;

/// <summary>Multiplies the query with every stored vector that may be found. Exact; reads all rows.</summary>
internal static unsafe class FlatScan
{
    private const int BlocksBetweenChecks = 64;

    /// <summary>Offers every row to the collector; returns how many were multiplied.</summary>
    public static long Run<TReader>(
        VectorRows rows, DenseQuery query, in DenseScope scope, NearestCollector collector, CancellationToken cancellationToken)
        where TReader : struct, IRowReader
    {
        float* scores = stackalloc float[VectorLayout.BlockSize];
        new Span<float>(scores, VectorLayout.BlockSize).Clear();
        bool scaled = rows.Layout.Precision == VectorPrecision.Int8;
        long multiplied = 0;
        for (int block = 0; block < rows.BlockCount; block++)
        {
            if (block % BlocksBetweenChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            ulong chosen = scope.RowsOf(rows, block);
            if (chosen == 0)
            {
                continue;
            }

            multiplied += BitOperations.PopCount(chosen);
            RowSet.Multiply<TReader>(query.Values, rows.Rows(block), rows.Layout, chosen, scores);
            if (scaled)
            {
                BlockScale.Apply(scores, rows.Bounds(block));
            }

            Offer(rows, block, scores, chosen, collector);
        }

        return multiplied;
    }

    /// <summary>Offers the chosen rows of a block that reach the threshold.</summary>
    public static void Offer(VectorRows rows, int block, float* scores, ulong chosen, NearestCollector collector)
    {
        for (ulong reached = ScoreMask.AtLeast(scores, collector.Threshold) & chosen; reached != 0; reached &= reached - 1)
        {
            int row = BitOperations.TrailingZeroCount(reached);
            collector.Offer(rows.DocIdOf((block * VectorLayout.BlockSize) + row), scores[row]);
        }
    }
}
