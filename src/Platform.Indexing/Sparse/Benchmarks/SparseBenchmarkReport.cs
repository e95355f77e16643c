using System.Text.Json.Serialization;

namespace Platform.Indexing.Sparse;

/// <summary>What <see cref="SparseBenchmark"/> measured.</summary>
public sealed record SparseBenchmarkReport
{
    /// <summary>Documents.</summary>
    [JsonPropertyName("documents")]
    public required int Documents { get; init; }

    /// <summary>Term ids.</summary>
    [JsonPropertyName("vocabulary")]
    public required int Vocabulary { get; init; }

    /// <summary>Seed of the collection and the queries.</summary>
    [JsonPropertyName("seed")]
    public required ulong Seed { get; init; }

    /// <summary>Queries timed.</summary>
    [JsonPropertyName("queries")]
    public required int Queries { get; init; }

    /// <summary>Threads of building and of <see cref="QpsAllThreads"/>.</summary>
    [JsonPropertyName("threads")]
    public required int Threads { get; init; }

    /// <summary>Postings.</summary>
    [JsonPropertyName("postings")]
    public required long Postings { get; init; }

    /// <summary>Mean postings of a query's terms.</summary>
    [JsonPropertyName("postings_per_query")]
    public required double PostingsPerQuery { get; init; }

    /// <summary>Seconds to quantise, reorder and write, the making of the documents included.</summary>
    [JsonPropertyName("build_seconds")]
    public required double BuildSeconds { get; init; }

    /// <summary>Peak private memory of the process while building, bytes: what is mapped from files is not counted.</summary>
    [JsonPropertyName("peak_memory_bytes")]
    public required long PeakMemoryBytes { get; init; }

    /// <summary>Bytes of all parts for one posting.</summary>
    [JsonPropertyName("bytes_per_posting")]
    public required double BytesPerPosting { get; init; }

    /// <summary>Bytes by part.</summary>
    [JsonPropertyName("bytes_by_part")]
    public required IReadOnlyDictionary<string, long> BytesByPart { get; init; }

    /// <summary>Milliseconds to map and open.</summary>
    [JsonPropertyName("open_ms")]
    public required double OpenMs { get; init; }

    /// <summary>Milliseconds from before opening until the first answer.</summary>
    [JsonPropertyName("first_answer_ms")]
    public required double FirstAnswerMs { get; init; }

    /// <summary>Managed bytes allocated by opening and the first answer: memory beyond the map.</summary>
    [JsonPropertyName("private_bytes")]
    public required long PrivateBytes { get; init; }

    /// <summary>Postings a second of Exhaustive at k 10, one thread.</summary>
    [JsonPropertyName("exhaustive_postings_per_second")]
    public required double ExhaustivePostingsPerSecond { get; init; }

    /// <summary>Median time of Exhaustive over median time of the default, k 10.</summary>
    [JsonPropertyName("speedup_vs_exhaustive_k10")]
    public required double SpeedupVsExhaustiveK10 { get; init; }

    /// <summary>The same at k 100.</summary>
    [JsonPropertyName("speedup_vs_exhaustive_k100")]
    public required double SpeedupVsExhaustiveK100 { get; init; }

    /// <summary>The same at k 1000.</summary>
    [JsonPropertyName("speedup_vs_exhaustive_k1000")]
    public required double SpeedupVsExhaustiveK1000 { get; init; }

    /// <summary>Milliseconds of a plain dot product with every document, k 10: the median of some queries.</summary>
    [JsonPropertyName("dot_product_ms")]
    public required double DotProductMs { get; init; }

    /// <summary>Queries a second, k 10, one thread.</summary>
    [JsonPropertyName("qps_one_thread")]
    public required double QpsOneThread { get; init; }

    /// <summary>Queries a second, k 10, all threads of the options.</summary>
    [JsonPropertyName("qps_all_threads")]
    public required double QpsAllThreads { get; init; }

    /// <summary>Answers, of checked queries times three k times two algorithms, that differ from the dot product.</summary>
    [JsonPropertyName("mismatches")]
    public required int Mismatches { get; init; }

    /// <summary>Answers compared.</summary>
    [JsonPropertyName("checked")]
    public required int Checked { get; init; }

    /// <summary>Times by algorithm and k.</summary>
    [JsonPropertyName("latencies")]
    public required IReadOnlyList<SparseLatency> Latencies { get; init; }
}
