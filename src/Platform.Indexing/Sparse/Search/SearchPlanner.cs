namespace Platform.Indexing.Sparse;

/// <summary>Chooses the algorithm of a query by a cost model, in units of adding one scattered posting (about 0.6 ns on Zen 5).</summary>
/// <remarks>
/// Exhaustive costs the scan. BlockMaxPruning costs something for every block, and a share of the scan that grows with k and slowly falls
/// with the documents. Measured at k 10, 100, 300 and 1000 (medians over medians, Zen 3) the share is 0.33, 0.72, 0.91 and 1.27 of 1,000,000
/// documents at vocabulary 30,522; 0.29, 0.41, 0.67 and 1.08 at 128,256; 0.50, 0.81, 1.15 and 1.22 of 100,000 documents; with 32-bit sums
/// 0.44, 0.73, 1.10 and 1.36. The model follows the highest: where the two are close Exhaustive runs, lest the default be the slower one.
/// </remarks>
internal static class SearchPlanner
{
    // One expand, two multiplications, two loads and stores, whatever the block holds.
    private const float DenseBlockCost = 3.5f;

    // Clearing, adding to and comparing a block's bound.
    private const float BoundCost = 1.5f;

    // The share of the scan is Share * k^KExponent * documents^DocumentsExponent.
    private const float Share = 0.76f;
    private const float KExponent = 0.29f;
    private const float DocumentsExponent = -0.1f;

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

        // With a filter the hits lie further apart, as those of a larger k, and never more blocks are scored than have a match.
        int blocks = BlockLayout.BlocksOf(context.DocumentCount);
        float k = context.Options.K * (context.DocumentCount / (float)Math.Max(1, context.OpenDocuments));
        float share = Share * MathF.Pow(k, KExponent) * MathF.Pow(Math.Max(1, context.DocumentCount), DocumentsExponent);
        float open = context.OpenBlocks / (float)Math.Max(1, blocks);
        float pruned = (Math.Min(share, open) * exhaustive) + (BoundCost * blocks);
        return pruned < exhaustive ? SparseAlgorithm.BlockMaxPruning : SparseAlgorithm.Exhaustive;
    }
}
