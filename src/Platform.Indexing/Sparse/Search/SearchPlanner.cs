namespace Platform.Indexing.Sparse;

/// <summary>Chooses the algorithm of a query by a cost model, in units of adding one scattered posting (about 0.6 ns on Zen 5).</summary>
/// <remarks>
/// Exhaustive costs the scan. BlockMaxPruning bounds every block and filters windows, a quarter of it at most, and scores more
/// blocks the more documents are asked for. The cost of one of these is set high on purpose: where the two are close (k 1000 of
/// 1,000,000 documents, k 100 of 100,000) Exhaustive runs, so that the default is never the slower one.
/// </remarks>
internal static class SearchPlanner
{
    // One expand, two multiplications, two loads and stores, whatever the block holds.
    private const float DenseBlockCost = 3.5f;

    private const float ScannedShare = 0.25f;
    private const float CostOfOneHit = 900f;

    /// <summary>Estimated cost of adding all postings of a term.</summary>
    public static float CostOf(in TermRecord record) => record.ScatteredCount + (DenseBlockCost * record.DenseBlockCount) + 1;

    /// <summary>Chooses.</summary>
    public static SparseAlgorithm Choose(in SearchContext context, bool negative)
    {
        SparseAlgorithm asked = context.Options.Algorithm;
        if (asked is SparseAlgorithm.DotProduct or SparseAlgorithm.Signed)
        {
            return asked;
        }

        if (negative)
        {
            return SparseAlgorithm.Signed;
        }

        return asked == SparseAlgorithm.Planned ? Cheapest(in context) : asked;
    }

    // An approximate answer needs the algorithm that has bounds to scale.
    private static unsafe SparseAlgorithm Cheapest(in SearchContext context)
    {
        if (context.Options.BlockFactor < 1f || context.Options.WindowFactor < 1f)
        {
            return SparseAlgorithm.BlockMaxPruning;
        }

        float exhaustive = 0;
        for (int i = 0; i < context.TermCount; i++)
        {
            exhaustive += context.Terms[i].Cost;
        }

        // With a filter the hits lie further apart, each in a block of its own in the end, and never more blocks are scored than have a match.
        float ofBlocks = exhaustive * context.OpenBlocks / Math.Max(1, BlockLayout.BlocksOf(context.DocumentCount));
        float ofHits = CostOfOneHit * context.Options.K * context.DocumentCount / Math.Max(1, context.OpenDocuments);
        float pruned = (ScannedShare * exhaustive) + (context.OpenDocuments == context.DocumentCount ? ofHits : Math.Min(ofHits, ofBlocks));
        return pruned < exhaustive ? SparseAlgorithm.BlockMaxPruning : SparseAlgorithm.Exhaustive;
    }
}
