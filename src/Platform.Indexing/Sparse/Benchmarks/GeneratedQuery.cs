namespace Platform.Indexing.Sparse;

/// <summary>A query of the generated collection.</summary>
/// <param name="TermIds">Terms, ascending.</param>
/// <param name="Impacts">Integer weights, one a term.</param>
internal sealed record GeneratedQuery(int[] TermIds, int[] Impacts);
