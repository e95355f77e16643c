using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Platform.Indexing.Dense;

/// <summary>Inner products of codes, exact in 32-bit integers whichever path runs.</summary>
/// <remarks>
/// The byte instructions of x86 multiply unsigned by signed, so the query's magnitudes are multiplied by the codes with the
/// query's signs. With codes of -127 to 127 two products fit 16 bits, so nothing saturates.
/// </remarks>
internal static unsafe class CodeProduct
{
    /// <summary>The product with one code.</summary>
    /// <param name="query">The query's code; behind it, at <paramref name="length"/>, its magnitudes.</param>
    /// <param name="code">A row's code.</param>
    /// <param name="length">Components, a multiple of 32.</param>
    public static int Dot(sbyte* query, sbyte* code, int length)
    {
        if (Avx512BW.IsSupported && !AvxVnni.IsSupported)
        {
            return Dot512(query, code, length);
        }

        return Avx2.IsSupported ? Dot256(query, code, length) : DotScalar(query, code, length);
    }

    /// <summary>The products with four codes, wherever they lie.</summary>
    public static void Dot4(sbyte* query, sbyte* a, sbyte* b, sbyte* c, sbyte* d, int length, int* products)
    {
        if (Avx2.IsSupported && (AvxVnni.IsSupported || !Avx512BW.IsSupported))
        {
            Dot256x4(query, a, b, c, d, length, products);
        }
        else
        {
            products[0] = Dot(query, a, length);
            products[1] = Dot(query, b, length);
            products[2] = Dot(query, c, length);
            products[3] = Dot(query, d, length);
        }
    }

    /// <summary>The twin of all vector paths.</summary>
    internal static int DotScalar(sbyte* query, sbyte* code, int length)
    {
        int sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum += query[i] * code[i];
        }

        return sum;
    }

    internal static int Dot256(sbyte* query, sbyte* code, int length)
    {
        Vector256<int> even = default, odd = default;
        byte* magnitudes = (byte*)query + length;
        int i = 0;
        for (; i + 64 <= length; i += 64)
        {
            even = Add(even, Vector256.Load(query + i), Vector256.Load(magnitudes + i), Vector256.Load(code + i));
            odd = Add(odd, Vector256.Load(query + i + 32), Vector256.Load(magnitudes + i + 32), Vector256.Load(code + i + 32));
        }

        if (i < length)
        {
            even = Add(even, Vector256.Load(query + i), Vector256.Load(magnitudes + i), Vector256.Load(code + i));
        }

        return Vector256.Sum(even + odd);
    }

    internal static int Dot512(sbyte* query, sbyte* code, int length)
    {
        Vector512<int> sum = default;
        for (int i = 0; i < length; i += 32)
        {
            sum += Avx512BW.MultiplyAddAdjacent(
                Avx512BW.ConvertToVector512Int16(Vector256.Load(query + i)),
                Avx512BW.ConvertToVector512Int16(Vector256.Load(code + i)));
        }

        return Vector512.Sum(sum);
    }

    internal static void Dot256x4(sbyte* query, sbyte* a, sbyte* b, sbyte* c, sbyte* d, int length, int* products)
    {
        Vector256<int> sumA = default, sumB = default, sumC = default, sumD = default;
        byte* magnitudes = (byte*)query + length;
        for (int i = 0; i < length; i += 32)
        {
            Vector256<sbyte> signs = Vector256.Load(query + i);
            Vector256<byte> magnitude = Vector256.Load(magnitudes + i);
            sumA = Add(sumA, signs, magnitude, Vector256.Load(a + i));
            sumB = Add(sumB, signs, magnitude, Vector256.Load(b + i));
            sumC = Add(sumC, signs, magnitude, Vector256.Load(c + i));
            sumD = Add(sumD, signs, magnitude, Vector256.Load(d + i));
        }

        products[0] = Vector256.Sum(sumA);
        products[1] = Vector256.Sum(sumB);
        products[2] = Vector256.Sum(sumC);
        products[3] = Vector256.Sum(sumD);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Add(Vector256<int> sum, Vector256<sbyte> signs, Vector256<byte> magnitudes, Vector256<sbyte> code)
    {
        Vector256<sbyte> signed = Avx2.Sign(code, signs);
        return AvxVnni.IsSupported
            ? AvxVnni.MultiplyWideningAndAdd(sum, magnitudes, signed)
            : sum + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(magnitudes, signed), Vector256<short>.One);
    }
}
