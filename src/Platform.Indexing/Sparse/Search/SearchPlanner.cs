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

        float pruned = (ScannedShare * exhaustive) + (CostOfOneHit * context.Options.K);
        return pruned < exhaustive ? SparseAlgorithm.BlockMaxPruning : SparseAlgorithm.Exhaustive;
    }
}
