namespace Platform.Indexing.Sparse;

/// <summary>Scores every posting where query weights may be negative: bounds do not hold there, and a sum of 0 may be a match.</summary>
internal static unsafe class SignedExhaustive
{
    /// <summary>Runs the query of a searcher.</summary>
    public static void Run(SparseQueryState<int> state, ref SearchContext context)
    {
        context.Collector.AcceptAnyScore();
        Span<ulong> matched = stackalloc ulong[BlockLayout.BlocksPerWindow];
        for (int window = 0; window < context.WindowCount; window++)
        {
            matched.Clear();
            for (int i = 0; i < context.TermCount; i++)
            {
                ref QueryTerm term = ref context.Terms[i];
                context.Postings += WindowSums.Add(state.Sums, in term, window);
                Mark(in term, window, matched);
            }

            context.Windows++;
            Collect(state.Sums, ref context, window, matched);
            context.EndStep();
        }
    }

    private static void Mark(scoped in QueryTerm term, int window, scoped Span<ulong> matched)
    {
        WindowPostings postings = term.In(window);
        var blockIds = new DenseBlockIds(postings);
        for (int i = 0; i < postings.Dense; i++)
        {
            matched[blockIds.Next()] |= postings.Masks[i];
        }

        var documents = new ScatteredDocuments(postings);
        while (documents.Next())
        {
            int document = documents.Document;
            matched[document / BlockLayout.BlockSize] |= 1UL << (document % BlockLayout.BlockSize);
        }
    }

    private static void Collect(int* sums, ref SearchContext context, int window, scoped ReadOnlySpan<ulong> matched)
    {
        int first = window * BlockLayout.WindowSize;
        for (int doc = 0; doc < BlockLayout.WindowSize; doc++)
        {
            if (((matched[doc / BlockLayout.BlockSize] >> (doc % BlockLayout.BlockSize)) & 1) != 0)
            {
                context.Documents++;
                context.Offer(first + doc, sums[doc]);
            }
        }

        context.Blocks += context.BlocksIn(window);
        new Span<int>(sums, BlockLayout.WindowSize).Clear();
    }
}
