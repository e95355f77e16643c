using System.Numerics;

namespace Platform.Indexing.Dense;

/// <summary>Products of a query with the chosen rows of one block.</summary>
internal static unsafe class RowSet
{
    // from this many of 64 chosen rows on all are multiplied, four at a time, which shares the query's loads
    private const int MultiplyAllFrom = 40;

    /// <summary>Multiplies the query with rows of stored vectors.</summary>
    /// <param name="query">Padded query.</param>
    /// <param name="rows">The block's first row.</param>
    /// <param name="layout">Sizes.</param>
    /// <param name="chosen">A bit a row.</param>
    /// <param name="products">64 floats; those of chosen rows are written, others may be.</param>
    public static void Multiply<TReader>(float* query, byte* rows, VectorLayout layout, ulong chosen, float* products)
        where TReader : struct, IRowReader
    {
        int length = layout.PaddedDimensions;
        long stride = layout.RowBytes;
        if (BitOperations.PopCount(chosen) < MultiplyAllFrom)
        {
            for (; chosen != 0; chosen &= chosen - 1)
            {
                int row = BitOperations.TrailingZeroCount(chosen);
                products[row] = RowProduct<TReader>.Dot(query, rows + (row * stride), length);
            }

            return;
        }

        int count = VectorLayout.BlockSize - BitOperations.LeadingZeroCount(chosen);
        int i = 0;
        for (; i + 4 <= count; i += 4)
        {
            byte* first = rows + (i * stride);
            RowProduct<TReader>.Dot4(query, first, first + stride, first + (2 * stride), first + (3 * stride), length, products + i);
        }

        for (; i < count; i++)
        {
            products[i] = RowProduct<TReader>.Dot(query, rows + (i * stride), length);
        }
    }

    /// <summary>Multiplies the query's code with codes.</summary>
    public static void Multiply(sbyte* query, sbyte* codes, int length, ulong chosen, int* products)
    {
        if (BitOperations.PopCount(chosen) < MultiplyAllFrom)
        {
            for (; chosen != 0; chosen &= chosen - 1)
            {
                int row = BitOperations.TrailingZeroCount(chosen);
                products[row] = CodeProduct.Dot(query, codes + ((long)row * length), length);
            }

            return;
        }

        int count = VectorLayout.BlockSize - BitOperations.LeadingZeroCount(chosen);
        int i = 0;
        for (; i + 4 <= count; i += 4)
        {
            sbyte* first = codes + ((long)i * length);
            CodeProduct.Dot4(query, first, first + length, first + (2L * length), first + (3L * length), length, products + i);
        }

        for (; i < count; i++)
        {
            products[i] = CodeProduct.Dot(query, codes + ((long)i * length), length);
        }
    }
}
