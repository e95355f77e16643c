using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Platform.Indexing.Dense;

/// <summary>Answers many queries in one pass over the rows: 64 rows stay in the cache while every query is multiplied with them.</summary>
internal sealed unsafe class BatchScan
{
    private const int BlocksBetweenChecks = 16;

    private float[] _rows = [];
    private float[] _products = [];

    /// <summary>Offers every row to the collector of each query; returns the products made.</summary>
    /// <param name="rows">Where to search.</param>
    /// <param name="queries">Padded queries, one after the other, each of layout.CodeBytes floats.</param>
    /// <param name="collectors">One a query, started.</param>
    /// <param name="scope">Which documents may be found, by all queries.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    public long Run<TReader>(
        VectorRows rows, float* queries, ReadOnlySpan<NearestCollector> collectors, in DenseScope scope, CancellationToken cancellationToken)
        where TReader : struct, IRowReader
    {
        VectorLayout layout = rows.Layout;
        int length = layout.PaddedDimensions;
        Grow(VectorLayout.BlockSize * length, VectorLayout.BlockSize * collectors.Length);

        // SAFETY: both arrays are pinned and held by this object.
        float* widened = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_rows));
        float* products = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_products));
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

            int count = Math.Min(VectorLayout.BlockSize, rows.Count - (block * VectorLayout.BlockSize));
            float* floats = Widen<TReader>(rows.Rows(block), layout, count, widened);
            BlockProduct.Multiply(queries, layout.CodeBytes, collectors.Length, floats, count, length, products, VectorLayout.BlockSize);
            multiplied += (long)count * collectors.Length;
            for (int i = 0; i < collectors.Length; i++)
            {
                float* scores = products + ((long)i * VectorLayout.BlockSize);
                if (layout.Precision == VectorPrecision.Int8)
                {
                    BlockScale.Apply(scores, rows.Bounds(block));
                }

                FlatScan.Offer(rows, block, scores, chosen, collectors[i]);
            }
        }

        return multiplied;
    }

    private static float* Widen<TReader>(byte* rows, VectorLayout layout, int count, float* into)
        where TReader : struct, IRowReader
    {
        if (layout.Precision == VectorPrecision.Float32)
        {
            return (float*)rows;
        }

        long components = (long)count * layout.PaddedDimensions;
        for (long i = 0; i < components; i += 8)
        {
            Vector256.Store(TReader.Read8(rows + (i * TReader.Size)), into + i);
        }

        return into;
    }

    private void Grow(int rows, int products)
    {
        if (_rows.Length < rows)
        {
            _rows = GC.AllocateArray<float>(rows, pinned: true);
        }

        if (_products.Length < products)
        {
            _products = GC.AllocateArray<float>(products, pinned: true);
        }
    }
}
