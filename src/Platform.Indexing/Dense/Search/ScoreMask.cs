using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Platform.Indexing.Dense;

/// <summary>Which of a block's 64 scores reach a threshold, a bit each.</summary>
internal static unsafe class ScoreMask
{
    /// <summary>Scores at least the threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AtLeast(float* scores, float threshold)
    {
        var least = Vector256.Create(threshold);
        ulong mask = 0;
        for (int i = 0; i < VectorLayout.BlockSize; i += Vector256<float>.Count)
        {
            mask |= (ulong)Vector256.GreaterThanOrEqual(Vector256.Load(scores + i), least).ExtractMostSignificantBits() << i;
        }

        return mask;
    }

    /// <summary>Codes whose product plus bound reaches the threshold: only their vectors can.</summary>
    /// <param name="products">64 products of codes.</param>
    /// <param name="bounds">The block's scales, errors and norms.</param>
    /// <param name="query">The query.</param>
    /// <param name="threshold">What a score must reach.</param>
    public static ulong CanReach(int* products, float* bounds, DenseQuery query, float threshold)
    {
        const int Size = VectorLayout.BlockSize;
        const float Underflow = 1e-35f;                       // more than products of the smallest numbers can lose
        var scale = Vector256.Create(query.Scale);
        var norm = Vector256.Create(query.Norm);
        var error = Vector256.Create(query.Error);
        var least = Vector256.Create(threshold);
        ulong mask = 0;
        for (int i = 0; i < Size; i += Vector256<float>.Count)
        {
            Vector256<float> score = Vector256.ConvertToSingle(Vector256.Load(products + i)) * Vector256.Load(bounds + i) * scale;
            Vector256<float> bound = (norm * Vector256.Load(bounds + Size + i)) + (error * Vector256.Load(bounds + (2 * Size) + i));
            Vector256<float> most = score + bound + Vector256.Create(Underflow);
            mask |= (ulong)Vector256.GreaterThanOrEqual(most, least).ExtractMostSignificantBits() << i;
        }

        return mask;
    }
}
