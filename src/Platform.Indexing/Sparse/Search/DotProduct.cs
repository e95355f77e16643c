namespace Platform.Indexing.Sparse;

/// <summary>The oracle: every document's full dot product, no vectors, no bounds, no shared window code. Slow.</summary>
internal static unsafe class DotProduct
{
    /// <summary>Runs the query of a searcher; allocates.</summary>
    public static void Run(SparseSegment segment, ref SearchContext context)
    {
        long[] scores = new long[context.DocumentCount];
        bool[] matched = new bool[context.DocumentCount];
        for (int i = 0; i < context.TermCount; i++)
        {
            var decoder = new PostingsDecoder(segment, context.Terms[i].Ordinal);
            while (decoder.Next())
            {
                scores[decoder.DocId] += (long)decoder.Impact * context.Terms[i].Weight;
                matched[decoder.DocId] = true;
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
}
