using System.Numerics;
using System.Runtime.Intrinsics;

namespace Platform.Indexing.Sparse;

/// <summary>Adds the terms left out of a window's scan to the sums of its candidates, and offers those that reach the threshold.</summary>
internal static unsafe class CandidateCompletion
{
    /// <summary>Completes the candidates of a window, ascending in <c>state.Candidates</c>.</summary>
    public static void Run<TSum, TSums>(
        SparseQueryState<TSum> state,
        ref SearchContext context,
        int window,
        int skipped,
        int candidates)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        context.Documents += candidates;
        long left = 0;
        for (int i = 0; i < skipped; i++)
        {
            left += context.Terms[context.Order.Terms[i]].MaxContributionIn(window);
        }

        long threshold = context.Collector.Threshold;
        Bound<TSum, TSums>(state, candidates, threshold, (int)left);

        // Terms that contribute much come first, so that a document which cannot make it any more is dropped early.
        for (int i = skipped - 1; i >= 0 && candidates > 0; i--)
        {
            QueryTerm* term = context.Terms + context.Order.Terms[i];
            context.Postings += AddTerm<TSum, TSums>(state, term, window, candidates);
            candidates = Keep<TSum, TSums>(state, candidates, threshold);
        }

        int first = window * BlockLayout.WindowSize;
        for (int c = 0; c < candidates; c++)
        {
            int doc = state.Candidates[c];
            context.Offer(first + doc, TSums.Read(state.Sums + doc));
        }
    }

    // A block's bound is what its need lacks of the threshold; a need of 0 says only that the bound reaches it. A bound that was
    // scaled down drops documents early, which is what approximate answers are asked for.
    private static void Bound<TSum, TSums>(SparseQueryState<TSum> state, int candidates, long threshold, int most)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        for (int c = 0; c < candidates; c++)
        {
            long need = TSums.Read(state.Bounds + (state.Candidates[c] / BlockLayout.BlockSize));
            state.Remaining[c] = need > 0 ? (int)(threshold - need) : most;
        }
    }

    private static int Keep<TSum, TSums>(SparseQueryState<TSum> state, int candidates, long threshold)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        ushort* docs = state.Candidates;
        int kept = 0;
        for (int c = 0; c < candidates; c++)
        {
            ushort doc = docs[c];
            int remaining = state.Remaining[c];
            docs[kept] = doc;
            state.Remaining[kept] = remaining;
            kept += TSums.Read(state.Sums + doc) + remaining >= threshold ? 1 : 0;
        }

        return kept;
    }

    private static int AddTerm<TSum, TSums>(SparseQueryState<TSum> state, QueryTerm* term, int window, int count)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        // SAFETY: positions stay within the window's share of the arrays; see TermPostings.AreConsistent.
        TSum* sums = state.Sums;
        WindowPostings postings = term->In(window);
        int most = term->MaxContributionIn(window);
        byte* maxima = term->Postings.BlockMaxima;
        maxima = maxima == null ? null : maxima + (window * BlockLayout.BlocksPerWindow);
        byte* blockIds = postings.BlockIds;
        ulong* masks = postings.Masks;
        byte* impacts = postings.DenseImpacts;
        int denseCount = postings.Dense;
        int passed = 0;
        int found = 0;
        for (int c = 0; c < count; c++)
        {
            int doc = state.Candidates[c];
            int block = doc / BlockLayout.BlockSize;
            int bound = maxima == null ? most : maxima[block] * term->Weight;
            state.Remaining[c] -= bound;
            if (bound == 0)
            {
                continue;
            }

            int dense = denseCount == BlockLayout.BlocksPerWindow ? block : CountBelow(blockIds, denseCount, block);
            if (dense < denseCount && blockIds[dense] == block)
            {
                for (; passed < dense; passed++)
                {
                    impacts += BitOperations.PopCount(masks[passed]);
                }

                ulong bit = 1UL << (doc % BlockLayout.BlockSize);
                if ((masks[dense] & bit) != 0)
                {
                    found++;
                    TSums.Increase(sums + doc, impacts[BitOperations.PopCount(masks[dense] & (bit - 1))] * term->Weight);
                }

                continue;
            }

            int position = FirstNotBelow(postings.Docs, postings.Scattered, doc);
            if (position < postings.Scattered && postings.Docs[position] == doc)
            {
                found++;
                TSums.Increase(sums + doc, postings.ScatteredImpacts[position] * term->Weight);
            }
        }

        return found;
    }

    // Binary search whose only branch is the loop's: the comparisons of a search are coin tosses to a branch predictor.
    private static int FirstNotBelow(ushort* docs, int count, int doc)
    {
        if (count == 0)
        {
            return 0;
        }

        int start = 0;
        while (count > 1)
        {
            int half = count >> 1;
            start += half & ((docs[start + half - 1] - doc) >> 31);
            count -= half;
        }

        return start + (((docs[start] - doc) >> 31) & 1);
    }

    // Block numbers ascend, so the position is the number of smaller ones; reading past the last is safe and masked away.
    private static int CountBelow(byte* blockIds, int count, int block)
    {
        int below = 0;
        var limit = Vector512.Create((byte)block);
        for (int i = 0; i < count; i += Vector512<byte>.Count)
        {
            ulong smaller = Vector512.LessThan(Vector512.Load(blockIds + i), limit).ExtractMostSignificantBits();
            int left = count - i;
            below += BitOperations.PopCount(left >= 64 ? smaller : smaller & ((1UL << left) - 1));
        }

        return below;
    }
}
