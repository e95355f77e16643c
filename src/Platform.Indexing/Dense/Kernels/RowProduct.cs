using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Platform.Indexing.Dense;

/// <summary>Inner products of one query with stored rows, in float32.</summary>
/// <remarks>
/// The order of the sum is fixed: 16 lanes of fused multiply-adds, lane i taking components i, i + 16, ..., then lanes added in
/// halves. So a score has the same bits on every machine and path, alone or in a batch; that is why this is not
/// <c>TensorPrimitives.Dot</c>, whose order depends on the width of the registers. Rows are padded: there is no tail.
/// </remarks>
internal static unsafe class RowProduct<TReader>
    where TReader : struct, IRowReader
{
    private const int Lanes = 16;

    /// <summary>The product with one row.</summary>
    /// <param name="query">Padded query.</param>
    /// <param name="row">One row.</param>
    /// <param name="length">Padded components, a multiple of 16.</param>
    public static float Dot(float* query, byte* row, int length)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return Dot512(query, row, length);
        }

        return Fma.IsSupported ? Dot256(query, row, length) : DotScalar(query, row, length);
    }

    /// <summary>The products with four rows, wherever they lie: four chains of additions instead of one.</summary>
    public static void Dot4(float* query, byte* a, byte* b, byte* c, byte* d, int length, float* products)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Dot512x4(query, a, b, c, d, length, products);
        }
        else if (Fma.IsSupported)
        {
            Dot256x4(query, a, b, c, d, length, products);
        }
        else
        {
            products[0] = DotScalar(query, a, length);
            products[1] = DotScalar(query, b, length);
            products[2] = DotScalar(query, c, length);
            products[3] = DotScalar(query, d, length);
        }
    }

    /// <summary>The twin of all vector paths.</summary>
    internal static float DotScalar(float* query, byte* row, int length)
    {
        float* lanes = stackalloc float[Lanes];
        new Span<float>(lanes, Lanes).Clear();
        for (int i = 0; i < length; i++)
        {
            lanes[i % Lanes] = MathF.FusedMultiplyAdd(query[i], TReader.Read1(row + ((long)i * TReader.Size)), lanes[i % Lanes]);
        }

        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                lanes[i] += lanes[i + half];
            }
        }

        return lanes[0];
    }

    internal static float Dot256(float* query, byte* row, int length)
    {
        Vector256<float> low = default, high = default;
        for (int i = 0; i < length; i += Lanes, row += Lanes * TReader.Size)
        {
            low = Vector256.FusedMultiplyAdd(Vector256.Load(query + i), TReader.Read8(row), low);
            high = Vector256.FusedMultiplyAdd(Vector256.Load(query + i + 8), TReader.Read8(row + (8 * TReader.Size)), high);
        }

        return LaneSum.Of(low + high);
    }

    internal static float Dot512(float* query, byte* row, int length)
    {
        Vector512<float> sum = default;
        for (int i = 0; i < length; i += Lanes, row += Lanes * TReader.Size)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(query + i), TReader.Read16(row), sum);
        }

        return LaneSum.Of(sum.GetLower() + sum.GetUpper());
    }

    internal static void Dot256x4(float* query, byte* a, byte* b, byte* c, byte* d, int length, float* products)
    {
        Vector256<float> lowA = default, lowB = default, lowC = default, lowD = default;
        Vector256<float> highA = default, highB = default, highC = default, highD = default;
        int half = 8 * TReader.Size;
        for (int i = 0; i < length; i += Lanes)
        {
            Vector256<float> low = Vector256.Load(query + i);
            Vector256<float> high = Vector256.Load(query + i + 8);
            nint at = (nint)i * TReader.Size;
            lowA = Vector256.FusedMultiplyAdd(low, TReader.Read8(a + at), lowA);
            highA = Vector256.FusedMultiplyAdd(high, TReader.Read8(a + at + half), highA);
            lowB = Vector256.FusedMultiplyAdd(low, TReader.Read8(b + at), lowB);
            highB = Vector256.FusedMultiplyAdd(high, TReader.Read8(b + at + half), highB);
            lowC = Vector256.FusedMultiplyAdd(low, TReader.Read8(c + at), lowC);
            highC = Vector256.FusedMultiplyAdd(high, TReader.Read8(c + at + half), highC);
            lowD = Vector256.FusedMultiplyAdd(low, TReader.Read8(d + at), lowD);
            highD = Vector256.FusedMultiplyAdd(high, TReader.Read8(d + at + half), highD);
        }

        products[0] = LaneSum.Of(lowA + highA);
        products[1] = LaneSum.Of(lowB + highB);
        products[2] = LaneSum.Of(lowC + highC);
        products[3] = LaneSum.Of(lowD + highD);
    }

    internal static void Dot512x4(float* query, byte* a, byte* b, byte* c, byte* d, int length, float* products)
    {
        Vector512<float> sumA = default, sumB = default, sumC = default, sumD = default;
        for (int i = 0; i < length; i += Lanes)
        {
            Vector512<float> part = Vector512.Load(query + i);
            nint at = (nint)i * TReader.Size;
            sumA = Vector512.FusedMultiplyAdd(part, TReader.Read16(a + at), sumA);
            sumB = Vector512.FusedMultiplyAdd(part, TReader.Read16(b + at), sumB);
            sumC = Vector512.FusedMultiplyAdd(part, TReader.Read16(c + at), sumC);
            sumD = Vector512.FusedMultiplyAdd(part, TReader.Read16(d + at), sumD);
        }

        products[0] = LaneSum.Of(sumA.GetLower() + sumA.GetUpper());
        products[1] = LaneSum.Of(sumB.GetLower() + sumB.GetUpper());
        products[2] = LaneSum.Of(sumC.GetLower() + sumC.GetUpper());
        products[3] = LaneSum.Of(sumD.GetLower() + sumD.GetUpper());
    }
}
