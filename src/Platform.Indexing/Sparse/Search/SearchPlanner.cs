namespace Platform.Indexing.Sparse;

/// <summary>Chooses the algorithm of a query by a cost model, in units of adding one scattered posting (about 0.6 ns on Zen 5).</summary>
/// <remarks>
/// Constants were measured on the generator's collections of 100,000 and 1,000,000 documents. Exhaustive costs the scan.
/// WindowMaxScore scans about a quarter of it and pays for each of the k documents, whose like must be looked up before the
/// threshold is high: at k 1000 of 1,000,000 documents both cost the same.
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
            return SparseAlgorithm.WindowMaxScore;
        }

        float exhaustive = 0;
        for (int i = 0; i < context.TermCount; i++)
        {
            exhaustive += context.Terms[i].Cost;
        }

        float pruned = (ScannedShare * exhaustive) + (CostOfOneHit * context.Options.K);
        return pruned < exhaustive ? SparseAlgorithm.WindowMaxScore : SparseAlgorithm.Exhaustive;
    }
}
