namespace Platform.Indexing.Lexical;

/// <summary>BM25 as Lucene 8 and later compute it, but with exact document lengths. Robertson and Zaragoza 2009, doi:10.1561/1500000019.</summary>
/// <remarks>score(q, d) = Σ_t weight(t) · tf / (tf + k1 · (1 - b + b · length(d) / averageLength)), terms in a fixed order, in float64: the same on every shard.</remarks>
public static class Bm25
{
    /// <summary>Inverse document frequency, ln(1 + (N - df + 0.5) / (df + 0.5)); above 0.</summary>
    /// <param name="documents">N, live documents of the whole index.</param>
    /// <param name="documentFrequency">df, those that hold the term.</param>
    public static double InverseDocumentFrequency(long documents, long documentFrequency) =>
        Math.Log(1 + ((documents - documentFrequency + 0.5) / (documentFrequency + 0.5)));

    /// <summary>A term's share of a document's weight, 0 to 1.</summary>
    /// <param name="termFrequency">How often the document holds the term.</param>
    /// <param name="lengthNorm">See <see cref="LengthNorm"/>.</param>
    public static double Saturation(int termFrequency, double lengthNorm) => termFrequency / (termFrequency + lengthNorm);

    /// <summary>k1 · (1 - b + b · length / averageLength).</summary>
    public static double LengthNorm(int length, double averageLength, double k1, double b) =>
        k1 * (1 - b + (b * (length / averageLength)));
}
