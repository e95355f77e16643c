using System.Numerics;

namespace Platform.Indexing.Sparse;

/// <summary>
/// Block-max pruning (Mallia, Suel and Tonellotto 2024, arXiv:2405.01117): every block of 64 documents gets the sum of its terms'
/// maxima as bound; the blocks with the largest bounds are scored first, then only those whose bound reaches the threshold.
/// </summary>
/// <remarks>
/// We differ in that blocks are scored window by window and term by term: a vector filter picks the postings of the chosen
/// blocks out of the window's, so no block needs an index of its own. Windows with most blocks chosen are scanned in full.
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

    private const int BlocksPerGroup = BlockLayout.GroupSize / BlockLayout.BlockSize;

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
            BlockBounds.Fill(state, in context);
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
            int chosen = BlockSelection.Take(bounds, least, (long)Math.Ceiling(threshold / windowFactor), state.Marks, out ChosenBlocks blocks);
            if (chosen == 0)
            {
                continue;
            }

            Score(state, ref context, window, chosen, blocks);
            context.Collector.Tighten();
            context.EndStep();
        }
    }

    private static void Score<TSum>(SparseQueryState<TSum> state, ref SearchContext context, int window, int chosen, ChosenBlocks blocks)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        bool all = chosen >= FullScanFrom;
        for (int i = 0; i < Math.Min(Ahead, context.TermCount); i++)
        {
            WindowPrefetch.Request(in context.Terms[i], window);
        }

        for (int i = 0; i < context.TermCount; i++)
        {
            WindowPrefetch.Request(in context.Terms[Math.Min(i + Ahead, context.TermCount - 1)], window);
            context.Postings += all
                ? WindowSums.Add(state.Sums, in context.Terms[i], window)
                : WindowSums.AddChosen(state.Sums, in context.Terms[i], window, blocks);
        }

        context.Windows++;
        context.Blocks += chosen;
        context.Documents += chosen * BlockLayout.BlockSize;
        int firstDocument = window * BlockLayout.WindowSize;
        for (ulong groups = blocks.Groups; groups != 0; groups &= groups - 1)
        {
            int firstBlock = BitOperations.TrailingZeroCount(groups) * BlocksPerGroup;
            for (int block = firstBlock; block < firstBlock + BlocksPerGroup; block++)
            {
                if (blocks.Marks[block] != 0)
                {
                    int first = block * BlockLayout.BlockSize;
                    Exhaustive.CollectBlock(state.Sums + first, ref context, firstDocument + first);
                }
            }
        }

        if (all)
        {
            new Span<TSum>(state.Sums, BlockLayout.WindowSize).Clear();
        }
    }
}
