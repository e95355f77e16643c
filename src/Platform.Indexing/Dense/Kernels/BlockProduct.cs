using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Platform.Indexing.Dense;

/// <summary>Inner products of several queries with several float32 rows: a matrix product in blocks of registers.</summary>
/// <remarks>Each product is summed in the order of <see cref="RowProduct{TReader}"/>, so a batch gives the same bits as its queries alone.</remarks>
internal static unsafe class BlockProduct
{
    private const int Lanes = 16;
    private const int QueriesInCache = 12;                    // of 384 components: 18 KB, which leaves room for two rows

    /// <summary>Multiplies.</summary>
    /// <param name="queries">Padded queries, one after the other.</param>
    /// <param name="queryStride">Floats from one query to the next.</param>
    /// <param name="queryCount">How many.</param>
    /// <param name="rows">Rows, one after the other.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="length">Padded components of a row, a multiple of 16; rows are this far apart.</param>
    /// <param name="products">Receives [queryCount, rowCount].</param>
    /// <param name="productStride">Floats from one query's products to the next's.</param>
    public static void Multiply(
        float* queries, int queryStride, int queryCount, float* rows, int rowCount, int length, float* products, int productStride)
    {
        if (!Fma.IsSupported)
        {
            MultiplyEach(queries, queryStride, queryCount, rows, rowCount, length, products, productStride);
            return;
        }

        for (int first = 0; first < queryCount; first += QueriesInCache)
        {
            int end = Math.Min(queryCount, first + QueriesInCache);
            int row = 0;
            for (; row + 2 <= rowCount; row += 2)
            {
                float* two = rows + ((long)row * length);
                int query = first;
                for (; query + 3 <= end; query += 3)
                {
                    Multiply3x2(queries + ((long)query * queryStride), queryStride, two, length, products + ((long)query * productStride) + row, productStride);
                }

                MultiplyEach(queries + ((long)query * queryStride), queryStride, end - query, two, 2, length, products + ((long)query * productStride) + row, productStride);
            }

            MultiplyEach(
                queries + ((long)first * queryStride), queryStride, end - first, rows + ((long)row * length), rowCount - row, length,
                products + ((long)first * productStride) + row, productStride);
        }
    }

    private static void MultiplyEach(
        float* queries, int queryStride, int queryCount, float* rows, int rowCount, int length, float* products, int productStride)
    {
        for (int query = 0; query < queryCount; query++)
        {
            for (int row = 0; row < rowCount; row++)
            {
                products[((long)query * productStride) + row] = RowProduct<Float32Reader>.Dot(
                    queries + ((long)query * queryStride), (byte*)(rows + ((long)row * length)), length);
            }
        }
    }

    // Three queries by two rows are twelve sums of 8 lanes: with the operands they fill the 16 registers of AVX2.
    private static void Multiply3x2(float* queries, int queryStride, float* rows, int length, float* products, int productStride)
    {
        float* q0 = queries;
        float* q1 = q0 + queryStride;
        float* q2 = q1 + queryStride;
        float* r0 = rows;
        float* r1 = r0 + length;
        Vector256<float> low00 = default, low01 = default, low10 = default, low11 = default, low20 = default, low21 = default;
        Vector256<float> high00 = default, high01 = default, high10 = default, high11 = default, high20 = default, high21 = default;
        for (nint i = 0; i < length; i += Lanes)
        {
            Vector256<float> left = Vector256.Load(r0 + i);
            Vector256<float> right = Vector256.Load(r1 + i);
            Vector256<float> part = Vector256.Load(q0 + i);
            low00 = Fma.MultiplyAdd(part, left, low00);
            low01 = Fma.MultiplyAdd(part, right, low01);
            part = Vector256.Load(q1 + i);
            low10 = Fma.MultiplyAdd(part, left, low10);
            low11 = Fma.MultiplyAdd(part, right, low11);
            part = Vector256.Load(q2 + i);
            low20 = Fma.MultiplyAdd(part, left, low20);
            low21 = Fma.MultiplyAdd(part, right, low21);
            left = Vector256.Load(r0 + i + 8);
            right = Vector256.Load(r1 + i + 8);
            part = Vector256.Load(q0 + i + 8);
            high00 = Fma.MultiplyAdd(part, left, high00);
            high01 = Fma.MultiplyAdd(part, right, high01);
            part = Vector256.Load(q1 + i + 8);
            high10 = Fma.MultiplyAdd(part, left, high10);
            high11 = Fma.MultiplyAdd(part, right, high11);
            part = Vector256.Load(q2 + i + 8);
            high20 = Fma.MultiplyAdd(part, left, high20);
            high21 = Fma.MultiplyAdd(part, right, high21);
        }

        products[0] = LaneSum.Of(low00 + high00);
        products[1] = LaneSum.Of(low01 + high01);
        products += productStride;
        products[0] = LaneSum.Of(low10 + high10);
        products[1] = LaneSum.Of(low11 + high11);
        products += productStride;
        products[0] = LaneSum.Of(low20 + high20);
        products[1] = LaneSum.Of(low21 + high21);
    }
}
