namespace Platform.Indexing.Sparse;

/// <summary>A document of an interchange file.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Text">Its text; empty where the format has none.</param>
/// <param name="TermIds">Its terms, ascending, each once.</param>
/// <param name="Weights">One a term, finite.</param>
public sealed record InterchangeDocument(string Key, string Text, int[] TermIds, float[] Weights);
