using System.Numerics;
using System.Runtime.CompilerServices;

namespace Platform.Indexing.Sparse;

/// <summary>Scores every posting of every query term, window by window, term at a time.</summary>
/// <remarks>A window's sums stay in the first-level cache; one vector scan a window finds what exceeds the threshold.</remarks>
internal static unsafe class Exhaustive
{
    /// <summary>Runs the query of a searcher.</summary>
    public static void Run<TSum>(SparseQueryState<TSum> state, ref SearchContext context)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        for (int window = 0; window < context.WindowCount; window++)
        {
            if (!context.IsWindowClosed(window))
            {
                RunWindow(state, ref context, window);
                context.EndStep();
            }
        }
    }

    /// <summary>Scores one window in full; its sums are zero before and after.</summary>
    public static void RunWindow<TSum>(SparseQueryState<TSum> state, ref SearchContext context, int window)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        TSum* sums = state.Sums;
        int postings = 0;
        int next = Math.Min(window + 1, context.WindowCount - 1);
        for (int i = 0; i < context.TermCount; i++)
        {
            WindowPrefetch.Request(in context.Terms[i], next);
            postings += WindowSums.Add(sums, in context.Terms[i], window);
        }

        context.Postings += postings;
        context.Windows++;
        context.Documents += Math.Min(BlockLayout.WindowSize, context.DocumentCount - (window * BlockLayout.WindowSize));
        Collect(sums, ref context, window);
    }

    /// <summary>Offers the documents of a window whose sums reach the threshold, and clears the sums.</summary>
    private static void Collect<TSum>(TSum* sums, ref SearchContext context, int window)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        int blocks = context.BlocksIn(window);
        context.Blocks += blocks;
        int firstDocument = window * BlockLayout.WindowSize;
        for (int block = 0; block < blocks; block++)
        {
            int first = block * BlockLayout.BlockSize;
            CollectBlock(sums + first, ref context, firstDocument + first);
        }
    }

    /// <summary>Offers the documents of a block whose sums reach the threshold, and clears the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CollectBlock<TSum>(TSum* sums, ref SearchContext context, int firstDocument)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        ulong reached = BlockVectors.AtLeast(sums, TSum.CreateSaturating(Math.Max(0, context.Collector.Threshold)));
        for (; reached != 0; reached &= reached - 1)
        {
            int lane = BitOperations.TrailingZeroCount(reached);
            context.Offer(firstDocument + lane, long.CreateTruncating(sums[lane]));
        }

        new Span<TSum>(sums, BlockLayout.BlockSize).Clear();
    }
}
