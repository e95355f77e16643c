namespace Platform.Indexing.Sparse;

/// <summary>Takes one document of an interchange file.</summary>
/// <param name="key">Its key.</param>
/// <param name="termIds">Its terms.</param>
/// <param name="weights">One a term.</param>
internal delegate void NamedVector(string key, ReadOnlySpan<int> termIds, ReadOnlySpan<float> weights);
