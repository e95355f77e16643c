using System.Numerics;

namespace Platform.Indexing.Sparse;

/// <summary>
/// Block-max pruning (Mallia, Suel and Tonellotto 2024, arXiv:2405.01117): every block of 64 documents gets a bound of its
/// documents' scores; the blocks with the largest bounds are scored first, then only those whose bound reaches the threshold.
/// </summary>
/// <remarks>
/// We differ in the bounds (<see cref="BlockBounds"/>) and in that blocks are scored window by window and term by term: bitmaps and counts
/// lead to the postings of the chosen blocks, so no block needs an index of its own. Windows with most blocks chosen are scanned in full.
/// </remarks>
internal static unsafe class BlockMaxPruning
{
    // Blocks scored before the threshold counts for anything: enough for k good documents, few enough to cost little. One such
    // round did better than several that grow sixfold or sixteenfold: these choose fewer blocks but visit more windows.
    private const int SeedBlocks = 8;
    private const int DocumentsPerSeedBlock = 12;

    // Terms whose postings are requested from memory before they are needed.
    private const int Ahead = 4;

    // From this many chosen blocks of 256 on, a window is scanned rather than filtered: half of it is added either way.
    private const int FullScanFrom = 128;

    // Where a filter leaves one block of so many, all of them are scored: the bounds, which cost a pass over the postings, could not spare another.
    private const int AllBlocksPerOpenBlock = 16;

    /// <summary>Runs the query of a searcher.</summary>
    public static void Run<TSum>(SparseQueryState<TSum> state, ref SearchContext context)
        where TSum : unmanaged, IBinaryInteger<TSum>, IMinMaxValue<TSum>
    {
        int blocks = SeedBlocks + (context.Options.K / DocumentsPerSeedBlock);
        if (context.OpenBlocks <= Math.Max(blocks, BlockLayout.BlocksOf(context.DocumentCount) / AllBlocksPerOpenBlock))
        {
            ChooseOpenBlocks(state, in context);             // a filter left so few that to score all costs less than to bound them
        }
        else
        {
            BlockBounds.Fill(state, ref context);
            CloseBlocks(state, in context);
            context.EndStep();
            Visit(state, ref context, CutOf(state, in context, blocks));
        }

        Visit(state, ref context, 0);
    }

    // A bound that every threshold lets pass.
    private static void ChooseOpenBlocks<TSum>(SparseQueryState<TSum> state, in SearchContext context)
        where TSum : unmanaged, IBinaryInteger<TSum>, IMinMaxValue<TSum>
    {
        TSum* bounds = state.BoundsFor(context.WindowCount * BlockLayout.BlocksPerWindow);
        for (int block = 0; block < BlockLayout.BlocksOf(context.DocumentCount); block++)
        {
            bounds[block] = context.IsBlockClosed(block) ? TSum.Zero : TSum.MaxValue;
        }
    }

    // A block without a document that may be found has nothing to score.
    private static void CloseBlocks<TSum>(SparseQueryState<TSum> state, in SearchContext context)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        for (int block = 0; context.OpenDocuments < context.DocumentCount && block < BlockLayout.BlocksOf(context.DocumentCount); block++)
        {
            if (context.IsBlockClosed(block))
            {
                state.BlockBounds[block] = TSum.Zero;
            }
        }
    }

    // The largest bound that at least so many blocks reach, at least 1.
    private static long CutOf<TSum>(SparseQueryState<TSum> state, in SearchContext context, int blocks)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        long low = 1;
        long high = context.LargestScore + 1;
        while (high - low > 1)
        {
            long middle = (low + high) / 2;
            int reached = 0;
            for (int window = 0; window < context.WindowCount; window++)
            {
                reached += BlockSelection.Count(state.BlockBounds + (window * BlockLayout.BlocksPerWindow), middle);
            }

            (low, high) = reached >= blocks ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static void Visit<TSum>(SparseQueryState<TSum> state, ref SearchContext context, long cut)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        double windowFactor = context.Options.WindowFactor;
        double blockFactor = context.Options.BlockFactor;
        for (int window = 0; window < context.WindowCount; window++)
        {
            long threshold = context.Collector.Threshold;
            long least = Math.Max(cut, (long)Math.Ceiling(threshold / blockFactor));
            TSum* bounds = state.BlockBounds + (window * BlockLayout.BlocksPerWindow);
            ChosenBlocks chosen = BlockSelection.Take(bounds, least, (long)Math.Ceiling(threshold / windowFactor), state.Marks, state.ChosenBits);
            if (chosen.Count == 0)
            {
                continue;
            }

            Score(state, ref context, window, chosen);
            context.Collector.Tighten();
            context.EndStep();
        }
    }

    private static void Score<TSum>(SparseQueryState<TSum> state, ref SearchContext context, int window, ChosenBlocks chosen)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        bool all = chosen.Count >= FullScanFrom;
        for (int i = 0; i < Math.Min(Ahead, context.TermCount); i++)
        {
            Request(in context.Terms[i], window, all);
        }

        for (int i = 0; i < context.TermCount; i++)
        {
            Request(in context.Terms[Math.Min(i + Ahead, context.TermCount - 1)], window, all);
            context.Postings += all
                ? WindowSums.Add(state.Sums, in context.Terms[i], window)
                : WindowSums.AddChosen(state.Sums, in context.Terms[i], window, chosen);
        }

        context.Windows++;
        context.Blocks += chosen.Count;
        context.Documents += chosen.Count * BlockLayout.BlockSize;
        int firstDocument = window * BlockLayout.WindowSize;
        for (int word = 0; word < BlockSelection.Words; word++)
        {
            for (ulong blocks = chosen.Bits[word]; blocks != 0; blocks &= blocks - 1)
            {
                int first = ((64 * word) + BitOperations.TrailingZeroCount(blocks)) * BlockLayout.BlockSize;
                Exhaustive.CollectBlock(state.Sums + first, ref context, firstDocument + first);
            }
        }

        if (all)
        {
            new Span<TSum>(state.Sums, BlockLayout.WindowSize).Clear();
        }
    }

    // A window that is not scanned is searched for the chosen blocks: the rest of its postings need not come into the cache.
    private static void Request(in QueryTerm term, int window, bool all)
    {
        if (all)
        {
            WindowPrefetch.Request(in term, window);
        }
        else
        {
            WindowPrefetch.RequestDirectory(in term, window);
        }
    }
}
