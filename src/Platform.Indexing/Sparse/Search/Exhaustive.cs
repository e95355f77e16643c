using System.Numerics;
using System.Runtime.CompilerServices;

namespace Platform.Indexing.Sparse;

/// <summary>Scores every posting of every query term, window by window, term at a time.</summary>
/// <remarks>A window's sums stay in the first-level cache; one vector scan a window finds what exceeds the threshold.</remarks>
internal static unsafe class Exhaustive
{
    /// <summary>Runs the query of a searcher.</summary>
    public static void Run<TSum, TSums>(SparseQueryState<TSum> state, ref SearchContext context)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        for (int window = 0; window < context.WindowCount; window++)
        {
            RunWindow<TSum, TSums>(state, ref context, window);
            context.EndStep();
        }
    }

    /// <summary>Scores one window in full; its sums are zero before and after.</summary>
    public static void RunWindow<TSum, TSums>(SparseQueryState<TSum> state, ref SearchContext context, int window)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        TSum* sums = state.Sums;
        int postings = 0;
        int next = Math.Min(window + 1, context.WindowCount - 1);
        for (int i = 0; i < context.TermCount; i++)
        {
            WindowPrefetch.Request(in context.Terms[i], next);
            postings += TSums.Add(sums, in context.Terms[i], window);
        }

        context.Postings += postings;
        context.Windows++;
        context.Documents += Math.Min(BlockLayout.WindowSize, context.DocumentCount - (window * BlockLayout.WindowSize));
        Collect<TSum, TSums>(sums, ref context, window);
    }

    /// <summary>Offers the documents of a window whose sums reach the threshold, and clears the sums.</summary>
    private static void Collect<TSum, TSums>(TSum* sums, ref SearchContext context, int window)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        int blocks = context.BlocksIn(window);
        context.Blocks += blocks;
        int firstDocument = window * BlockLayout.WindowSize;
        for (int block = 0; block < blocks; block++)
        {
            int first = block * BlockLayout.BlockSize;
            CollectBlock<TSum, TSums>(sums + first, ref context, firstDocument + first);
        }
    }

    /// <summary>Offers the documents of a block whose sums reach the threshold, and clears the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CollectBlock<TSum, TSums>(TSum* sums, ref SearchContext context, int firstDocument)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        ulong reached = TSums.AtLeast(sums, TSums.Clamp(context.Collector.Threshold));
        for (; reached != 0; reached &= reached - 1)
        {
            int lane = BitOperations.TrailingZeroCount(reached);
            context.Offer(firstDocument + lane, TSums.Read(sums + lane));
        }

        new Span<TSum>(sums, BlockLayout.BlockSize).Clear();
    }
}
