using System.Numerics;

namespace Platform.Indexing.Sparse;

/// <summary>The oracle: every document's full dot product, no vectors, no bounds, no shared window code. Slow.</summary>
internal static unsafe class DotProduct
{
    /// <summary>Runs the query of a searcher; allocates.</summary>
    public static void Run(ref SearchContext context)
    {
        long[] scores = new long[context.DocumentCount];
        bool[] matched = new bool[context.DocumentCount];
        for (int i = 0; i < context.TermCount; i++)
        {
            foreach ((int docId, byte impact) in Decode(in context.Terms[i], context.WindowCount))
            {
                scores[docId] += (long)impact * context.Terms[i].Weight;
                matched[docId] = true;
                context.Postings++;
            }
        }

        context.Collector.AcceptAnyScore();
        for (int docId = 0; docId < scores.Length; docId++)
        {
            if (matched[docId])
            {
                context.Documents++;
                context.Offer(docId, scores[docId]);
            }
        }
    }

    /// <summary>The postings of a term in order of windows: dense blocks first, then scattered ones.</summary>
    internal static List<(int DocId, byte Impact)> Decode(in QueryTerm term, int windows)
    {
        List<(int DocId, byte Impact)> postings = [];
        byte* impact = term.Postings.DenseImpacts;
        for (int window = 0; window < windows; window++)
        {
            int first = window * BlockLayout.WindowSize;
            WindowStart end = term.Windows[window + 1];
            for (int i = term.Windows[window].Dense; i < end.Dense; i++)
            {
                for (ulong mask = term.Postings.Masks[i]; mask != 0; mask &= mask - 1)
                {
                    int lane = BitOperations.TrailingZeroCount(mask);
                    postings.Add((first + (term.Postings.BlockIds[i] * BlockLayout.BlockSize) + lane, *impact++));
                }
            }

            for (int i = term.Windows[window].Scattered; i < end.Scattered; i++)
            {
                postings.Add((first + term.Postings.Docs[i], term.Postings.ScatteredImpacts[i]));
            }
        }

        return postings;
    }
}
