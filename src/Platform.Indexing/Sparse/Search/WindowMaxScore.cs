namespace Platform.Indexing.Sparse;

/// <summary>
/// MaxScore (Turtle and Flood 1995) by windows: the terms that cannot lift a document over the threshold alone are not scanned
/// but bounded, block by block, and looked up only for the documents whose scanned sum and bound reach the threshold.
/// </summary>
/// <remarks>
/// The windows with the largest bounds come first (as superblocks in Carlson et al. 2025, arXiv:2504.17045), so the threshold
/// is high early, and windows whose bound stays below it are skipped. In a window, terms are left out of the scan in order of contribution
/// to the bound per scan cost. Bounds come from block maxima where stored (Mallia, Suel and Tonellotto 2024, arXiv:2405.01117),
/// else from window maxima. We differ from both in bounding sums of documents, not of blocks: the scanned part is exact.
/// </remarks>
internal static unsafe class WindowMaxScore
{
    /// <summary>Runs the query of a searcher.</summary>
    public static void Run<TSum, TSums>(SparseQueryState<TSum> state, ref SearchContext context)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        context.Order.Prepare(in context);
        for (int i = 0; i < context.WindowCount; i++)
        {
            int window = context.Order.Windows[i];
            long threshold = context.Collector.Threshold;
            if ((long)(context.Order.WindowBounds[i] * context.Options.WindowFactor) < threshold)
            {
                continue;
            }

            int skipped = CountSkipped(in context, window, (long)(SlackBudget.Slack(threshold) / context.Options.BlockFactor));
            if (skipped == 0)
            {
                Exhaustive.RunWindow<TSum, TSums>(state, ref context, window);
            }
            else
            {
                int next = context.Order.Windows[Math.Min(i + 1, context.WindowCount - 1)];
                RunWindow<TSum, TSums>(state, ref context, window, next, skipped);
            }

            context.Collector.Tighten();
        }
    }

    private static int CountSkipped(in SearchContext context, int window, long slack)
    {
        int skipped = 0;
        for (; skipped < context.TermCount; skipped++)
        {
            ref QueryTerm term = ref context.Terms[context.Order.Terms[skipped]];
            slack -= term.MaxContributionIn(window);
            if (slack < 0)
            {
                break;
            }
        }

        return skipped;
    }

    private static void RunWindow<TSum, TSums>(
        SparseQueryState<TSum> state,
        ref SearchContext context,
        int window,
        int next,
        int skipped)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        int postings = 0;
        for (int i = skipped; i < context.TermCount; i++)
        {
            WindowPrefetch.Request(in context.Terms[context.Order.Terms[i]], next);
            postings += TSums.Add(state.Sums, in context.Terms[context.Order.Terms[i]], window);
        }

        context.Windows++;
        FindNeeds<TSum, TSums>(state, in context, window, skipped);
        int candidates = FindCandidates<TSum, TSums>(state, ref context, window);
        int left = 0;
        for (int i = 0; i < skipped; i++)
        {
            left += context.Terms[context.Order.Terms[i]].Windows[window].PostingCount;
        }

        if (SlackBudget.IsScanCheaper(candidates, skipped, left))
        {
            for (int i = 0; i < skipped; i++)
            {
                postings += TSums.Add(state.Sums, in context.Terms[context.Order.Terms[i]], window);
            }

            context.Documents += candidates;
            Exhaustive.Collect<TSum, TSums>(state.Sums, ref context, window);
        }
        else
        {
            CandidateCompletion.Run<TSum, TSums>(state, ref context, window, skipped, candidates);
            new Span<TSum>(state.Sums, BlockLayout.WindowSize).Clear();
        }

        context.Postings += postings;
    }

    // Leaves in state.Bounds, for each block, the sum that a document needs to be a candidate.
    private static void FindNeeds<TSum, TSums>(SparseQueryState<TSum> state, in SearchContext context, int window, int skipped)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        int blocks = context.BlocksIn(window);
        new Span<TSum>(state.Bounds, BlockLayout.BlocksPerWindow).Clear();
        long flat = 0;
        for (int i = 0; i < skipped; i++)
        {
            ref QueryTerm term = ref context.Terms[context.Order.Terms[i]];
            byte* maxima = term.Postings.BlockMaxima;
            if (maxima == null)
            {
                flat += term.MaxContributionIn(window);
            }
            else
            {
                TSums.AddMaxima(state.Bounds, maxima + (window * BlockLayout.BlocksPerWindow), blocks, term.Weight);
            }
        }

        if (context.Options.BlockFactor < 1f)
        {
            flat = (long)(flat * context.Options.BlockFactor);
            for (int block = 0; block < blocks; block++)
            {
                long bound = TSums.Read(state.Bounds + block);
                TSums.Increase(state.Bounds + block, (int)((long)(bound * context.Options.BlockFactor) - bound));
            }
        }

        TSums.SubtractFrom(state.Bounds, context.Collector.Threshold - flat);
    }

    private static int FindCandidates<TSum, TSums>(SparseQueryState<TSum> state, ref SearchContext context, int window)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        int blocks = context.BlocksIn(window);
        int count = 0;
        for (int block = 0; block < blocks; block++)
        {
            ulong reached = TSums.AtLeast(state.Sums + (block * BlockLayout.BlockSize), state.Bounds[block]);
            if (reached != 0)
            {
                context.Blocks++;
                count = BitPositions.Write(reached, block * BlockLayout.BlockSize, state.Candidates, count);
            }
        }

        return count;
    }
}
