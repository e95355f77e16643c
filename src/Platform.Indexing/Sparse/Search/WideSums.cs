using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Platform.Indexing.Sparse;

/// <summary>32-bit sums, for queries whose largest possible score does not fit 16 bits.</summary>
internal readonly unsafe struct WideSums : IWindowSums<int>
{
    /// <inheritdoc/>
    public static int Add(int* sums, in QueryTerm term, int window)
    {
        // SAFETY: as in NarrowSums.Add.
        WindowPostings postings = term.In(window);
        int weight = term.Weight;
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
            sums[docs[i]] += impacts[i] * weight;
            sums[docs[i + 1]] += impacts[i + 1] * weight;
            sums[docs[i + 2]] += impacts[i + 2] * weight;
            sums[docs[i + 3]] += impacts[i + 3] * weight;
        }

        for (; i < count; i++)
        {
            sums[docs[i]] += impacts[i] * weight;
        }

        return term.Windows[window].PostingCount;
    }

    /// <inheritdoc/>
    public static long Largest => int.MaxValue;

    /// <inheritdoc/>
    public static int AddChosen(int* sums, in QueryTerm term, int window, byte* chosen)
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
                sums[postings.Docs[position]] += (postings.ScatteredImpacts[position] * weight);
            }
        }

        for (; i < postings.Scattered; i++)
        {
            int doc = postings.Docs[i];
            if (chosen[doc / BlockLayout.BlockSize] != 0)
            {
                sums[doc] += (postings.ScatteredImpacts[i] * weight);
                added++;
            }
        }

        return added;
    }

    /// <inheritdoc/>
    public static void AddMaxima(int* bounds, byte* maxima, int count, int weight)
    {
        // SAFETY: as in NarrowSums.AddMaxima.
        for (int i = 0; i < count; i += Vector128<byte>.Count)
        {
            (Vector256<ushort> words, _) = Vector256.Widen(Vector128.Load(maxima + i).ToVector256());
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(words);
            Vector512<int> products = Vector512.Create(low, high).AsInt32() * weight;
            (Vector512.Load(bounds + i) + products).Store(bounds + i);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AtLeast(int* block, int least)
    {
        // SAFETY: a block has 64 sums.
        var threshold = Vector512.Create(least);
        ulong result = 0;
        for (int i = 0; i < BlockLayout.BlockSize; i += Vector512<int>.Count)
        {
            result |= Vector512.GreaterThanOrEqual(Vector512.Load(block + i), threshold).ExtractMostSignificantBits() << i;
        }

        return result;
    }

    /// <inheritdoc/>
    public static int Clamp(long threshold) => (int)Math.Clamp(threshold, 0, int.MaxValue);

    /// <inheritdoc/>
    public static long Read(int* sum) => *sum;

    /// <inheritdoc/>
    public static void Increase(int* sum, int change) => *sum += change;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddDenseVector(int* sums, in WindowPostings postings, int weight)
    {
        Vector512<int> factor = Vector512.Create(weight);
        byte* impacts = postings.DenseImpacts;
        for (int i = 0; i < postings.Dense; i++)
        {
            ulong mask = postings.Masks[i];
            Vector512<byte> expanded = Avx512Vbmi2.Expand(
                Vector512<byte>.Zero, MaskExpansion.ToBytes(mask), Vector512.Load(impacts));
            impacts += BitOperations.PopCount(mask);
            AddBlock(sums + (postings.BlockIds[i] * BlockLayout.BlockSize), expanded, factor);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBlock(int* block, Vector512<byte> impacts, Vector512<int> factor)
    {
        AddQuarter(block, impacts.GetLower().GetLower(), factor);
        AddQuarter(block + 16, impacts.GetLower().GetUpper(), factor);
        AddQuarter(block + 32, impacts.GetUpper().GetLower(), factor);
        AddQuarter(block + 48, impacts.GetUpper().GetUpper(), factor);
    }

    private static int AddChosenDense(int* sums, in WindowPostings postings, int weight, byte* chosen)
    {
        Vector512<int> factor = Vector512.Create(weight);
        byte* impacts = postings.DenseImpacts;
        int added = 0;
        for (int i = 0; i < postings.Dense; i++)
        {
            ulong mask = postings.Masks[i];
            int count = BitOperations.PopCount(mask);
            if (chosen[postings.BlockIds[i]] != 0)
            {
                int* block = sums + (postings.BlockIds[i] * BlockLayout.BlockSize);
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

    private static void AddBlockScalar(int* block, ulong mask, byte* impact, int weight)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            block[BitOperations.TrailingZeroCount(mask)] += *impact++ * weight;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddQuarter(int* sums, Vector128<byte> impacts, Vector512<int> factor) =>
        (Vector512.Load(sums) + (Avx512F.ConvertToVector512Int32(impacts) * factor)).Store(sums);

    private static void AddDenseScalar(int* sums, in WindowPostings postings, int weight)
    {
        byte* impact = postings.DenseImpacts;
        for (int i = 0; i < postings.Dense; i++)
        {
            AddBlockScalar(sums + (postings.BlockIds[i] * BlockLayout.BlockSize), postings.Masks[i], impact, weight);
            impact += BitOperations.PopCount(postings.Masks[i]);
        }
    }
}
