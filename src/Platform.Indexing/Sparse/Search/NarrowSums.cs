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
    public static long Largest => ushort.MaxValue;

    /// <inheritdoc/>
    public static int AddChosen(ushort* sums, in QueryTerm term, int window, byte* chosen)
    {
        // SAFETY: as in Add; the vector of documents may reach beyond the window's share, not beyond the segment's footer.
        WindowPostings postings = term.In(window);
        int weight = term.Weight;
        int added = AddChosenDense(sums, in postings, weight, chosen);
        int i = 0;
        for (; ChosenPostings.IsSupported && i < postings.Scattered; i += ChosenPostings.Lanes)
        {
            ulong among = ChosenPostings.Among(postings.Docs + i, chosen);
            int left = postings.Scattered - i;
            among = left >= ChosenPostings.Lanes ? among : among & ((1UL << left) - 1);
            added += BitOperations.PopCount(among);
            for (; among != 0; among &= among - 1)
            {
                int position = i + BitOperations.TrailingZeroCount(among);
                sums[postings.Docs[position]] += (ushort)(postings.ScatteredImpacts[position] * weight);
            }
        }

        for (; i < postings.Scattered; i++)
        {
            int doc = postings.Docs[i];
            if (chosen[doc / BlockLayout.BlockSize] != 0)
            {
                sums[doc] += (ushort)(postings.ScatteredImpacts[i] * weight);
                added++;
            }
        }

        return added;
    }

    /// <inheritdoc/>
    public static void AddMaxima(ushort* bounds, byte* maxima, int count, int weight)
    {
        // SAFETY: maxima are followed by at least 64 readable bytes, as bounds are.
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
            AddBlock(sums + (blockIds[i] * BlockLayout.BlockSize), expanded, factor);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBlock(ushort* block, Vector512<byte> impacts, Vector512<ushort> factor)
    {
        Vector512<ushort> low = Avx512BW.ConvertToVector512UInt16(impacts.GetLower());
        Vector512<ushort> high = Avx512BW.ConvertToVector512UInt16(impacts.GetUpper());
        (Vector512.Load(block) + (low * factor)).Store(block);
        (Vector512.Load(block + 32) + (high * factor)).Store(block + 32);
    }

    private static int AddChosenDense(ushort* sums, in WindowPostings postings, int weight, byte* chosen)
    {
        Vector512<ushort> factor = Vector512.Create((ushort)weight);
        byte* impacts = postings.DenseImpacts;
        int added = 0;
        for (int i = 0; i < postings.Dense; i++)
        {
            ulong mask = postings.Masks[i];
            int count = BitOperations.PopCount(mask);
            if (chosen[postings.BlockIds[i]] != 0)
            {
                ushort* block = sums + (postings.BlockIds[i] * BlockLayout.BlockSize);
                added += count;
                if (Avx512Vbmi2.IsSupported)
                {
                    AddBlock(block, Avx512Vbmi2.Expand(Vector512<byte>.Zero, MaskExpansion.ToBytes(mask), Vector512.Load(impacts)), factor);
                }
                else
                {
                    AddBlockScalar(block, mask, impacts, weight);
                }
            }

            impacts += count;
        }

        return added;
    }

    private static void AddBlockScalar(ushort* block, ulong mask, byte* impact, int weight)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            block[BitOperations.TrailingZeroCount(mask)] += (ushort)(*impact++ * weight);
        }
    }

    private static void AddDenseScalar(ushort* sums, in WindowPostings postings, ushort weight)
    {
        byte* impact = postings.DenseImpacts;
        for (int i = 0; i < postings.Dense; i++)
        {
            AddBlockScalar(sums + (postings.BlockIds[i] * BlockLayout.BlockSize), postings.Masks[i], impact, weight);
            impact += BitOperations.PopCount(postings.Masks[i]);
        }
    }
}
