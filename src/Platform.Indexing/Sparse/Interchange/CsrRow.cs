namespace Platform.Indexing.Sparse;

/// <summary>Takes one row of a sparse matrix.</summary>
/// <param name="row">Which, from 0.</param>
/// <param name="columns">Term ids.</param>
/// <param name="values">Weights, one a term.</param>
internal delegate void CsrRow(long row, ReadOnlySpan<int> columns, ReadOnlySpan<float> values);
