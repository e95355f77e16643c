using System.Numerics.Tensors;

namespace Platform.Indexing.Dense;

/// <summary>Codes a vector as 8-bit integers times a scale of its own, and says how wrong a score by codes can be.</summary>
/// <remarks>
/// With codes d' of a vector d and q' of a query q: |q·d - q'·d'| = |q·(d - d') + (q - q')·d'| ≤ |q| error + |q - q'| norm, by
/// Cauchy and Schwarz. The error includes what float32 sums may round, so a document whose score by codes plus that bound stays
/// below a threshold has an exact score below it. Codes are -127 to 127: never -128, which has no negative in 8 bits.
/// </remarks>
internal static class Int8Quantiser
{
    /// <summary>The largest code.</summary>
    public const int Largest = 127;

    // below it the reciprocal of the scale would overflow: such a vector has codes of 0 and an error of its whole norm
    private const float SmallestPeak = 1e-30f;

    /// <summary>Codes a vector.</summary>
    /// <param name="vector">Finite components, as they are stored.</param>
    /// <param name="codes">Receives the codes; what lies behind the vector's length is zeroed.</param>
    public static CodeBound Quantise(ReadOnlySpan<float> vector, Span<sbyte> codes)
    {
        codes.Clear();
        float peak = MathF.Abs(TensorPrimitives.MaxMagnitude(vector));
        float scale = peak < SmallestPeak ? 0 : peak / Largest;
        float reciprocal = scale == 0 ? 0 : 1 / scale;
        double error = 0;
        double norm = 0;
        double codedNorm = 0;
        for (int i = 0; i < vector.Length; i++)
        {
            float value = vector[i];
            int code = (int)MathF.Round(value * reciprocal);
            code = Math.Clamp(code, -Largest, Largest);
            codes[i] = (sbyte)code;
            double coded = (double)code * scale;
            double difference = value - coded;
            error += difference * difference;
            norm += (double)value * value;
            codedNorm += coded * coded;
        }

        return Bound(scale, Math.Sqrt(error), Math.Sqrt(norm), Math.Sqrt(codedNorm), vector.Length);
    }

    /// <summary>Writes a vector as an int8 row, where the codes are what is stored: only rounding is left of the error.</summary>
    public static CodeBound QuantiseExactly(ReadOnlySpan<float> vector, Span<sbyte> codes)
    {
        CodeBound bound = Quantise(vector, codes);
        return Bound(bound.Scale, 0, bound.Norm, bound.Norm, vector.Length);
    }

    /// <summary>Makes of the values of an int8 row a vector that is quantised to the same row again, codes and scale to the bit.</summary>
    /// <remarks>The scale is the quotient of the vector's peak and 127. That peak is the product of both, or a float beside it, since two neighbours give quotients at most one float apart.</remarks>
    /// <param name="values">Codes times scale; those of the largest code are corrected.</param>
    /// <param name="scale">The row's.</param>
    public static void Restore(Span<float> values, float scale)
    {
        float product = Largest * scale;
        float peak = product / Largest == scale ? product
            : MathF.BitDecrement(product) / Largest == scale ? MathF.BitDecrement(product)
            : MathF.BitIncrement(product);
        for (int i = 0; i < values.Length; i++)
        {
            if (MathF.Abs(values[i]) == product)
            {
                values[i] = MathF.CopySign(peak, values[i]);
            }
        }
    }

    // Chains of n/16 fused multiply-adds, a tree of 16 and a handful of further roundings, each of 2^-24 relative; doubled to be safe.
    private static CodeBound Bound(float scale, double error, double norm, double codedNorm, int length)
    {
        double rounding = ((length / 16.0) + 16) * Math.Pow(2, -23) * Math.Max(norm, codedNorm);
        return new CodeBound(scale, (float)((error + rounding) * 1.0001), (float)(codedNorm * 1.0001));
    }
}
