namespace Platform.Indexing.Sparse;

/// <summary>Sums the largest contribution of every query term over each block of a segment.</summary>
/// <remarks>Maxima of common terms are stored; those of the others are found in their few postings. Both are exact.</remarks>
internal static unsafe class BlockBounds
{
    /// <summary>Fills <c>state.BlockBounds</c> with the bounds of all blocks.</summary>
    public static void Fill<TSum, TSums>(SparseQueryState<TSum> state, in SearchContext context)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        int blocks = BlockLayout.BlocksOf(context.DocumentCount);
        TSum* bounds = state.BoundsFor(context.WindowCount * BlockLayout.BlocksPerWindow);
        for (int i = 0; i < context.TermCount; i++)
        {
            ref QueryTerm term = ref context.Terms[i];
            if (term.Postings.BlockMaxima != null)
            {
                TSums.AddMaxima(bounds, term.Postings.BlockMaxima, blocks, term.Weight);
                continue;
            }

            for (int window = 0; window < context.WindowCount; window++)
            {
                WindowPostings postings = term.In(window);
                TSum* into = bounds + (window * BlockLayout.BlocksPerWindow);
                AddDense<TSum, TSums>(into, in postings, term.Weight);
                AddScattered<TSum, TSums>(into, in postings, term.Weight);
            }
        }

        // Vectors wrote past the last block what follows the maxima.
        new Span<TSum>(bounds + blocks, (context.WindowCount * BlockLayout.BlocksPerWindow) - blocks).Clear();
    }

    private static void AddDense<TSum, TSums>(TSum* bounds, in WindowPostings postings, int weight)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        byte* impacts = postings.DenseImpacts;
        for (int i = 0; i < postings.Dense; i++)
        {
            int count = System.Numerics.BitOperations.PopCount(postings.Masks[i]);
            TSums.Increase(bounds + postings.BlockIds[i], LargestImpact.Of(impacts, count) * weight);
            impacts += count;
        }
    }

    // Documents ascend, so those of one block, at most four, follow each other.
    private static void AddScattered<TSum, TSums>(TSum* bounds, in WindowPostings postings, int weight)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        ushort* docs = postings.Docs;
        byte* impacts = postings.ScatteredImpacts;
        int count = postings.Scattered;
        byte* largest = stackalloc byte[LargestImpact.Lanes];
        int i = 0;
        for (; i + LargestImpact.Lanes + BlockLayout.DenseFrom <= count; i += LargestImpact.Lanes)
        {
            LargestImpact.OfRuns(docs + i, impacts + i, i > 0, largest);
            for (int lane = 0; lane < LargestImpact.Lanes; lane++)
            {
                TSums.Increase(bounds + (docs[i + lane] / BlockLayout.BlockSize), largest[lane] * weight);
            }
        }

        int before = i > 0 ? docs[i - 1] / BlockLayout.BlockSize : -1;
        while (i < count)
        {
            int block = docs[i] / BlockLayout.BlockSize;
            int max = 0;
            for (; i < count && docs[i] / BlockLayout.BlockSize == block; i++)
            {
                max = Math.Max(max, impacts[i]);
            }

            // A block whose first postings the vectors took is theirs: they looked ahead.
            TSums.Increase(bounds + block, block == before ? 0 : max * weight);
        }
    }
}
