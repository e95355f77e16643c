using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Platform.Indexing.Sparse;

/// <summary>16-bit sums, for queries whose largest possible score is below 2^16.</summary>
internal readonly unsafe struct NarrowSums : IWindowSums<ushort>
{
    /// <inheritdoc/>
    public static int Add(ushort* sums, in QueryTerm term, int window)
    {
        // SAFETY: TermPostings.AreConsistent held when the term was first touched: counts of windows add up to the arrays'
        // lengths, scattered documents are below the window's size, block numbers are bytes, and 64 bytes follow the last impact.
        WindowPostings postings = term.In(window);
        ushort weight = (ushort)term.Weight;
        if (Avx512Vbmi2.IsSupported)
        {
            AddDenseVector(sums, in postings, weight);
        }
        else
        {
            AddDenseScalar(sums, in postings, weight);
        }

        ushort* docs = postings.Docs;
        byte* impacts = postings.ScatteredImpacts;
        int count = postings.Scattered;
        int i = 0;
        for (; i + 4 <= count; i += 4)
        {
            sums[docs[i]] += (ushort)(impacts[i] * weight);
            sums[docs[i + 1]] += (ushort)(impacts[i + 1] * weight);
            sums[docs[i + 2]] += (ushort)(impacts[i + 2] * weight);
            sums[docs[i + 3]] += (ushort)(impacts[i + 3] * weight);
        }

        for (; i < count; i++)
        {
            sums[docs[i]] += (ushort)(impacts[i] * weight);
        }

        return term.Windows[window].PostingCount;
    }

    /// <inheritdoc/>
    public static void AddMaxima(ushort* bounds, byte* maxima, int count, int weight)
    {
        // SAFETY: maxima are followed by at least 64 readable bytes, and bounds hold 256, a multiple of 32.
        Vector512<ushort> factor = Vector512.Create((ushort)weight);
        for (int i = 0; i < count; i += Vector512<ushort>.Count)
        {
            (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(Vector256.Load(maxima + i));
            (Vector512.Load(bounds + i) + (Vector512.Create(low, high) * factor)).Store(bounds + i);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AtLeast(ushort* block, ushort least)
    {
        // SAFETY: a block has 64 sums.
        var threshold = Vector512.Create(least);
        ulong low = Vector512.GreaterThanOrEqual(Vector512.Load(block), threshold).ExtractMostSignificantBits();
        ulong high = Vector512.GreaterThanOrEqual(Vector512.Load(block + 32), threshold).ExtractMostSignificantBits();
        return low | (high << 32);
    }

    /// <inheritdoc/>
    public static void SubtractFrom(ushort* bounds, long threshold)
    {
        // SAFETY: bounds hold 256.
        var from = Vector512.Create(Clamp(threshold));
        for (int i = 0; i < BlockLayout.BlocksPerWindow; i += Vector512<ushort>.Count)
        {
            Vector512.SubtractSaturate(from, Vector512.Load(bounds + i)).Store(bounds + i);
        }
    }

    /// <inheritdoc/>
    public static ushort Clamp(long threshold) => (ushort)Math.Clamp(threshold, 0, ushort.MaxValue);

    /// <inheritdoc/>
    public static long Read(ushort* sum) => *sum;

    /// <inheritdoc/>
    public static void Increase(ushort* sum, int change) => *sum += (ushort)change;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddDenseVector(ushort* sums, in WindowPostings postings, ushort weight)
    {
        Vector512<ushort> factor = Vector512.Create(weight);
        byte* impacts = postings.DenseImpacts;
        byte* blockIds = postings.BlockIds;
        ulong* masks = postings.Masks;
        for (int i = 0; i < postings.Dense; i++)
        {
            ulong mask = masks[i];
            Vector512<byte> expanded = Avx512Vbmi2.Expand(
                Vector512<byte>.Zero, MaskExpansion.ToBytes(mask), Vector512.Load(impacts));
            impacts += BitOperations.PopCount(mask);
            ushort* block = sums + (blockIds[i] * BlockLayout.BlockSize);
            Vector512<ushort> low = Avx512BW.ConvertToVector512UInt16(expanded.GetLower());
            Vector512<ushort> high = Avx512BW.ConvertToVector512UInt16(expanded.GetUpper());
            (Vector512.Load(block) + (low * factor)).Store(block);
            (Vector512.Load(block + 32) + (high * factor)).Store(block + 32);
        }
    }

    private static void AddDenseScalar(ushort* sums, in WindowPostings postings, ushort weight)
    {
        byte* impact = postings.DenseImpacts;
        for (int i = 0; i < postings.Dense; i++)
        {
            ushort* block = sums + (postings.BlockIds[i] * BlockLayout.BlockSize);
            for (ulong mask = postings.Masks[i]; mask != 0; mask &= mask - 1)
            {
                block[BitOperations.TrailingZeroCount(mask)] += (ushort)(*impact++ * weight);
            }
        }
    }
}
