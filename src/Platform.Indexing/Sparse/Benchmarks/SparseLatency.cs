using System.Text.Json.Serialization;

namespace Platform.Indexing.Sparse;

/// <summary>Times of one algorithm at one k, over all queries.</summary>
/// <param name="K">Documents asked for.</param>
/// <param name="Algorithm">Which; "Planned" is the default of a search.</param>
/// <param name="P50">Median, microseconds.</param>
/// <param name="P95">95th percentile, microseconds.</param>
/// <param name="P99">99th percentile, microseconds.</param>
/// <param name="Mean">Mean, microseconds.</param>
/// <param name="PostingsScored">Share of the query terms' postings that were added to a sum.</param>
/// <param name="RecallAtK">Share of the exact answer's documents that were found; 1 where exact.</param>
public sealed record SparseLatency(
    [property: JsonPropertyName("k")] int K,
    [property: JsonPropertyName("algorithm")] string Algorithm,
    [property: JsonPropertyName("p50_us")] double P50,
    [property: JsonPropertyName("p95_us")] double P95,
    [property: JsonPropertyName("p99_us")] double P99,
    [property: JsonPropertyName("mean_us")] double Mean,
    [property: JsonPropertyName("postings_scored")] double PostingsScored,
    [property: JsonPropertyName("recall_at_k")] double RecallAtK);
