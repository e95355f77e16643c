using System.Numerics;
using System.Runtime.CompilerServices;

namespace Platform.Indexing.Sparse;

/// <summary>The inner loops over one window's sums.</summary>
/// <remarks>
/// Sums are 16 bits wide where the query's largest possible score fits, else 32: one source, compiled for each. Where documents
/// are read and written: TermPostings.AreConsistent held when the term was first touched, so counts of windows add up to the
/// arrays' lengths, scattered documents are below the window's size, block numbers are bytes, and 64 bytes follow the last impact.
/// </remarks>
internal static unsafe class WindowSums
{
    /// <summary>Adds the term's postings of one window. Returns how many.</summary>
    /// <param name="sums">Sums of the window's documents. [16384]</param>
    /// <param name="term">The term.</param>
    /// <param name="window">The window.</param>
    public static int Add<TSum>(TSum* sums, in QueryTerm term, int window)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        // SAFETY: see the remarks.
        WindowPostings postings = term.In(window);
        BlockExpansion.AddAll(sums, in postings, term.Weight);
        if (postings.IsUnary)
        {
            AddUnary(sums, in postings, term.Weight);
        }
        else
        {
            AddListed(sums, in postings, term.Weight);
        }

        return term.Windows[window].PostingCount;
    }

    /// <summary>Adds the term's postings in chosen blocks of one window. Returns how many.</summary>
    /// <param name="sums">Sums of the window's documents. [16384]</param>
    /// <param name="term">The term.</param>
    /// <param name="window">The window.</param>
    /// <param name="chosen">The blocks.</param>
    public static int AddChosen<TSum>(TSum* sums, in QueryTerm term, int window, ChosenBlocks chosen)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        // SAFETY: see the remarks.
        WindowPostings postings = term.In(window);
        int weight = term.Weight;
        int added = AddChosenDense(sums, in postings, weight, chosen);
        if (postings.IsUnary && ChosenGroups.IsSupported)
        {
            return added + ChosenGroups.Add(sums, in postings, weight, chosen);
        }

        // What lies in other blocks adds 0: a branch would be hard to predict.
        var documents = new ScatteredDocuments(postings);
        while (documents.Next())
        {
            int document = documents.Document;
            int mark = (sbyte)chosen.Marks[document / BlockLayout.BlockSize];
            Add(sums + document, (postings.ScatteredImpacts[documents.Index] * weight) & mark);
            added -= mark;
        }

        return added;
    }

    /// <summary>Adds to one sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TSum>(TSum* sum, int change)
        where TSum : unmanaged, IBinaryInteger<TSum> => *sum += TSum.CreateTruncating(change);

    private static void AddListed<TSum>(TSum* sums, in WindowPostings postings, int weight)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        ushort* docs = (ushort*)postings.Docs;
        byte* impacts = postings.ScatteredImpacts;
        for (int i = 0; i < postings.Scattered; i++)
        {
            Add(sums + docs[i], impacts[i] * weight);
        }
    }

    // A word of the unary counts at a time: a bit's place less the postings before it is the posting's group.
    private static void AddUnary<TSum>(TSum* sums, in WindowPostings postings, int weight)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        byte* low = postings.LowBytes;
        byte* end = low + postings.Scattered;
        byte* impacts = postings.ScatteredImpacts;
        ulong* words = (ulong*)postings.Docs;
        TSum* from = sums;
        while (true)
        {
            ulong word = *words++;
            int count = (int)Math.Min(BitOperations.PopCount(word), end - low);
            byte* last = low + count;
            for (; low < last; low++, impacts++, from -= BlockLayout.GroupSize)
            {
                nint group = BitOperations.TrailingZeroCount(word);
                word &= word - 1;
                Add(from + (group * BlockLayout.GroupSize) + *low, *impacts * weight);
            }

            if (low == end)
            {
                return;
            }

            from += 64 * BlockLayout.GroupSize;
        }
    }

    private static int AddChosenDense<TSum>(TSum* sums, in WindowPostings postings, int weight, ChosenBlocks chosen)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        int added = 0;
        if (!postings.IsBitmap)
        {
            uint found = 0;
            for (int i = 0; i < postings.Dense; i++)
            {
                found |= (uint)(chosen.Marks[postings.BlockIds[i]] & 1) << i;
            }

            for (; found != 0; found &= found - 1)
            {
                int index = BitOperations.TrailingZeroCount(found);
                added += AddDense(sums + (postings.BlockIds[index] * BlockLayout.BlockSize), in postings, index, weight);
            }

            return added;
        }

        int before = 0;
        for (int word = 0; word < BlockSelection.Words; word++)
        {
            ulong blocks = ((ulong*)postings.BlockIds)[word];
            for (ulong found = blocks & chosen.Bits[word]; found != 0; found &= found - 1)
            {
                int bit = BitOperations.TrailingZeroCount(found);
                int index = before + BitOperations.PopCount(blocks & ((1UL << bit) - 1));
                added += AddDense(sums + (((64 * word) + bit) * BlockLayout.BlockSize), in postings, index, weight);
            }

            before += BitOperations.PopCount(blocks);
        }

        return added;
    }

    // One dense block: the sum before its eight, then those of them before it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AddDense<TSum>(TSum* block, in WindowPostings postings, int index, int weight)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        int eight = index / BlockLayout.BlocksPerSum;
        int before = eight == 0 ? 0 : postings.Sums[eight - 1];
        for (int i = eight * BlockLayout.BlocksPerSum; i < index; i++)
        {
            before += BitOperations.PopCount(postings.Masks[i]);
        }

        ulong mask = postings.Masks[index];
        BlockExpansion.Add(block, mask, postings.DenseImpacts + before, weight);
        return BitOperations.PopCount(mask);
    }
}
