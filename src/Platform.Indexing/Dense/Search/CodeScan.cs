using System.Numerics;

namespace Platform.Indexing.Dense;

/// <summary>
/// Multiplies codes, a quarter of float32's bytes, and multiplies the stored vector only where the code's error bound
/// (<see cref="Int8Quantiser"/>) leaves it a chance to reach the threshold. The answer is that of <see cref="FlatScan"/>.
/// </summary>
internal static unsafe class CodeScan
{
    private const int BlocksBetweenChecks = 64;

    /// <summary>Offers every row that may be among the best; returns how many codes and how many vectors were multiplied.</summary>
    public static (long Codes, long Vectors) Run<TReader>(
        VectorRows rows, DenseQuery query, in DenseScope scope, NearestCollector collector, CancellationToken cancellationToken)
        where TReader : struct, IRowReader
    {
        int* products = stackalloc int[VectorLayout.BlockSize];
        new Span<int>(products, VectorLayout.BlockSize).Clear();
        VectorLayout layout = rows.Layout;
        bool scaled = layout.Precision == VectorPrecision.Int8;
        long codes = 0;
        long vectors = 0;
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

            codes += BitOperations.PopCount(chosen);
            RowSet.Multiply(query.Code, rows.Codes(block), layout.CodeBytes, chosen, products);
            float* bounds = rows.Bounds(block);
            for (ulong left = ScoreMask.CanReach(products, bounds, query, collector.Threshold) & chosen; left != 0; left &= left - 1)
            {
                int row = BitOperations.TrailingZeroCount(left);
                float score = RowProduct<TReader>.Dot(query.Values, rows.Rows(block) + ((long)row * layout.RowBytes), layout.PaddedDimensions);
                vectors++;
                collector.Offer(rows.DocIdOf((block * VectorLayout.BlockSize) + row), scaled ? score * bounds[row] : score);
            }
        }

        return (codes, vectors);
    }
}
