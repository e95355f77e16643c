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

    /// <summary>Runs the query of a searcher.</summary>
    public static void Run<TSum, TSums>(SparseQueryState<TSum> state, ref SearchContext context)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        BlockBounds.Fill<TSum, TSums>(state, in context);
        context.EndStep();
        int blocks = SeedBlocks + (context.Options.K / DocumentsPerSeedBlock);
        Visit<TSum, TSums>(state, ref context, CutOf<TSum, TSums>(state, in context, blocks));
        Visit<TSum, TSums>(state, ref context, 0);
    }

    // The largest bound that at least so many blocks reach, at least 1.
    private static long CutOf<TSum, TSums>(SparseQueryState<TSum> state, in SearchContext context, int blocks)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        long low = 1;
        long high = context.LargestScore + 1;
        while (high - low > 1)
        {
            long middle = (low + high) / 2;
            int reached = 0;
            for (int window = 0; window < context.WindowCount; window++)
            {
                reached += ChosenBlocks.Count<TSum, TSums>(state.BlockBounds + (window * BlockLayout.BlocksPerWindow), middle);
            }

            (low, high) = reached >= blocks ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static void Visit<TSum, TSums>(SparseQueryState<TSum> state, ref SearchContext context, long cut)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        double windowFactor = context.Options.WindowFactor;
        double blockFactor = context.Options.BlockFactor;
        for (int window = 0; window < context.WindowCount; window++)
        {
            long threshold = context.Collector.Threshold;
            long least = Math.Max(cut, (long)Math.Ceiling(threshold / blockFactor));
            TSum* bounds = state.BlockBounds + (window * BlockLayout.BlocksPerWindow);
            int chosen = ChosenBlocks.Take<TSum, TSums>(bounds, least, (long)Math.Ceiling(threshold / windowFactor), state.Chosen);
            if (chosen == 0)
            {
                continue;
            }

            Score<TSum, TSums>(state, ref context, window, chosen);
            context.Collector.Tighten();
            context.EndStep();
        }
    }

    private static void Score<TSum, TSums>(SparseQueryState<TSum> state, ref SearchContext context, int window, int chosen)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
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
                ? TSums.Add(state.Sums, in context.Terms[i], window)
                : TSums.AddChosen(state.Sums, in context.Terms[i], window, state.Chosen);
        }

        context.Windows++;
        context.Blocks += chosen;
        context.Documents += chosen * BlockLayout.BlockSize;
        int firstDocument = window * BlockLayout.WindowSize;
        for (int block = 0; block < BlockLayout.BlocksPerWindow; block++)
        {
            int first = block * BlockLayout.BlockSize;
            if (state.Chosen[block] != 0)
            {
                Exhaustive.CollectBlock<TSum, TSums>(state.Sums + first, ref context, firstDocument + first);
            }
            else if (all)
            {
                new Span<TSum>(state.Sums + first, BlockLayout.BlockSize).Clear();
            }
        }
    }
}
