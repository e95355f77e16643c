namespace Platform.Indexing.Sparse;

/// <summary>Chooses the algorithm of a query by a cost model.</summary>
internal static class SearchPlanner
{
    /// <summary>Estimated cost of adding all postings of a term, in units of one scattered posting.</summary>
    public static float CostOf(in TermRecord record) => record.ScatteredCount + (3.5f * record.DenseBlockCount) + 1;

    /// <summary>Chooses.</summary>
    public static SparseAlgorithm Choose(in SearchContext context, bool negative)
    {
        if (context.Options.Algorithm != SparseAlgorithm.Planned)
        {
            bool bounded = context.Options.Algorithm is SparseAlgorithm.Exhaustive or SparseAlgorithm.WindowMaxScore;
            return negative && bounded ? SparseAlgorithm.Signed : context.Options.Algorithm;
        }

        return negative ? SparseAlgorithm.Signed : SparseAlgorithm.WindowMaxScore;
    }
}
