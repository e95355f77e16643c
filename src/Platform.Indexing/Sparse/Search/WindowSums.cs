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
    // Looking one block up costs about as much as walking over so many.
    private const int CostOfLookup = 4;

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
        if (postings.IsUnary && chosen.GroupCount * ChosenGroups.CostOfOne < postings.Scattered && ChosenGroups.IsSupported)
        {
            return added + ChosenGroups.Add(sums, in postings, weight, chosen);
        }

        var documents = new ScatteredDocuments(postings);
        while (documents.Next())
        {
            int document = documents.Document;
            if (chosen.Marks[document / BlockLayout.BlockSize] != 0)
            {
                Add(sums + document, postings.ScatteredImpacts[documents.Index] * weight);
                added++;
            }
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

    // Few chosen blocks are looked up among the window's dense ones; only then are the masks before them counted.
    private static int AddChosenDense<TSum>(TSum* sums, in WindowPostings postings, int weight, ChosenBlocks chosen)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        if (chosen.Count * CostOfLookup > postings.Dense)
        {
            return AddMarkedDense(sums, in postings, weight, chosen.Marks);
        }

        byte* impacts = postings.DenseImpacts;
        int added = 0;
        int counted = 0;
        for (int i = 0; i < chosen.Count; i++)
        {
            int block = chosen.Ids[i];
            int found = new ReadOnlySpan<byte>(postings.BlockIds + counted, postings.Dense - counted).IndexOf((byte)block);
            if (found < 0)
            {
                continue;
            }

            for (found += counted; counted < found; counted++)
            {
                impacts += BitOperations.PopCount(postings.Masks[counted]);
            }

            BlockExpansion.Add(sums + (block * BlockLayout.BlockSize), postings.Masks[found], impacts, weight);
            added += BitOperations.PopCount(postings.Masks[found]);
        }

        return added;
    }

    private static int AddMarkedDense<TSum>(TSum* sums, in WindowPostings postings, int weight, byte* chosen)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        byte* impacts = postings.DenseImpacts;
        int added = 0;
        for (int i = 0; i < postings.Dense; i++)
        {
            ulong mask = postings.Masks[i];
            int count = BitOperations.PopCount(mask);
            int block = postings.BlockIds[i];
            if (chosen[block] != 0)
            {
                BlockExpansion.Add(sums + (block * BlockLayout.BlockSize), mask, impacts, weight);
                added += count;
            }

            impacts += count;
        }

        return added;
    }
}
