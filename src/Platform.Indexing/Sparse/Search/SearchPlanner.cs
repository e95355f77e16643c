namespace Platform.Indexing.Sparse;

/// <summary>Chooses the algorithm of a query by a cost model, in units of adding one scattered posting (about 0.6 ns on Zen 5).</summary>
/// <remarks>
/// Exhaustive costs the scan. BlockMaxPruning costs something for every block, and a share of the scan that grows with the share of the
/// documents that is asked for: measured at k 10, 100 and 1000 of 1,000,000 documents it is 0.34, 0.71 and 1.43 of the scan at vocabulary
/// 30,522, and 0.31, 0.46 and 1.0 at 128,256 (<c>sparse</c> of the benchmarks). The model follows the higher ones: where the two are
/// close Exhaustive runs, so that the default is never the slower one.
/// </remarks>
internal static class SearchPlanner
{
    // One expand, two multiplications, two loads and stores, whatever the block holds.
    private const float DenseBlockCost = 3.5f;

    // Clearing, adding to and comparing a block's bound.
    private const float BoundCost = 1.5f;

    // The share of the scan is Share * (k / documents)^Exponent.
    private const float Share = 9.5f;
    private const float Exponent = 0.29f;

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
        int blocks = BlockLayout.BlocksOf(context.DocumentCount);
        float share = Share * MathF.Pow(context.Options.K / (float)Math.Max(1, context.OpenDocuments), Exponent);
        float open = context.OpenBlocks / (float)Math.Max(1, blocks);
        float pruned = (Math.Min(share, open) * exhaustive) + (BoundCost * blocks);
        return pruned < exhaustive ? SparseAlgorithm.BlockMaxPruning : SparseAlgorithm.Exhaustive;
    }
}
