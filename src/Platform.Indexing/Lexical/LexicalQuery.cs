namespace Platform.Indexing.Lexical;

/// <summary>A BM25 query with the statistics of the whole index: the same on every shard.</summary>
/// <param name="Terms">Analysed terms, each once; contributions are added in this order.</param>
/// <param name="Weights">Inverse document frequency times count in the query, one a term.</param>
/// <param name="AverageLength">Mean length of the live documents of the whole index, in terms; above 0.</param>
/// <param name="K1">Term-frequency saturation.</param>
/// <param name="B">Strength of length normalisation.</param>
public sealed record LexicalQuery(
    IReadOnlyList<string> Terms, IReadOnlyList<double> Weights, double AverageLength, double K1, double B);
