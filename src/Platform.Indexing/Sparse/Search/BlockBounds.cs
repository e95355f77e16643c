using System.Numerics;

namespace Platform.Indexing.Sparse;

/// <summary>Bounds the scores of the documents of each block of a segment.</summary>
/// <remarks>
/// Terms with stored maxima contribute the largest impact that they have in the block. The others, being short, are added up document
/// by document and contribute the largest sum that a document of the block has of them: less than the sum of their maxima.
/// </remarks>
internal static unsafe class BlockBounds
{
    /// <summary>Fills <c>state.BlockBounds</c> with the bounds of all blocks; changes the order of the terms.</summary>
    public static void Fill<TSum>(SparseQueryState<TSum> state, ref SearchContext context)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        int blocks = BlockLayout.BlocksOf(context.DocumentCount);
        TSum* bounds = state.BoundsFor(context.WindowCount * BlockLayout.BlocksPerWindow);
        int added = MoveAddedFirst(context.Terms, context.TermCount);
        for (int window = 0; window < context.WindowCount; window++)
        {
            AddWindow(state.Sums, in context, added, window, bounds + (window * BlockLayout.BlocksPerWindow));
            context.EndStep();
        }

        for (int i = added; i < context.TermCount; i++)
        {
            // SAFETY: maxima are followed by at least 64 readable bytes, as bounds are.
            BlockVectors.AddMaxima(bounds, context.Terms[i].Postings.BlockMaxima, blocks, context.Terms[i].Weight);
        }

        // Vectors wrote past the last block what follows the maxima.
        new Span<TSum>(bounds + blocks, (context.WindowCount * BlockLayout.BlocksPerWindow) - blocks).Clear();
    }

    // Returns how many there are.
    private static int MoveAddedFirst(QueryTerm* terms, int count)
    {
        int first = 0;
        for (int i = 0; i < count; i++)
        {
            if (terms[i].Postings.BlockMaxima == null)
            {
                (terms[first], terms[i]) = (terms[i], terms[first]);
                first++;
            }
        }

        return first;
    }

    // Sums are zero before and after.
    private static void AddWindow<TSum>(TSum* sums, in SearchContext context, int terms, int window, TSum* bounds)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        int next = Math.Min(window + 1, context.WindowCount - 1);
        int postings = 0;
        for (int i = 0; i < terms; i++)
        {
            WindowPrefetch.Request(in context.Terms[i], next);
            postings += WindowSums.Add(sums, in context.Terms[i], window);
        }

        if (postings == 0)
        {
            return;
        }

        int blocks = context.BlocksIn(window);
        for (int block = 0; block < blocks; block++, sums += BlockLayout.BlockSize)
        {
            bounds[block] = BlockVectors.TakeLargest(sums);
        }
    }
}
