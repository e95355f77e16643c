using System.Diagnostics;

namespace Platform.Indexing.Sparse;

/// <summary>Builds a generated collection and measures the sparse index on it: size, exactness, speed.</summary>
public static class SparseBenchmark
{
    private static readonly int[] Depths = [10, 100, 1000];

    /// <summary>Runs the benchmark. Needs 5 bytes of disk a posting beyond the memory budget, 135 postings a document.</summary>
    /// <param name="options">What to measure.</param>
    /// <param name="progress">Told of every step, and how far it is; may be null.</param>
    /// <param name="cancellationToken">Ends the run with <see cref="OperationCanceledException"/>.</param>
    public static SparseBenchmarkReport Run(SparseBenchmarkOptions options, IProgress<SparseBenchmarkProgress>? progress, CancellationToken cancellationToken)
    {
        string path = options.SegmentPath ?? Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            BenchmarkSegment made = BenchmarkSegment.At(path, options, progress, cancellationToken);
            return Measure(options, path, made, progress, cancellationToken);
        }
        finally
        {
            if (options.SegmentPath is null)
            {
                File.Delete(path);
            }
        }
    }

    private static SparseBenchmarkReport Measure(
        SparseBenchmarkOptions options,
        string path,
        BenchmarkSegment made,
        IProgress<SparseBenchmarkProgress>? progress,
        CancellationToken cancellationToken)
    {
        GeneratedQuery[] queries = GeneratedCollection.Queries(options, Math.Max(1, Math.Max(options.Queries, options.CheckedQueries)));
        WarmUp(queries[0]);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        using var segment = SparseSegment.Open(path);
        double openMs = clock.Elapsed.TotalMilliseconds;
        var searcher = new SparseSearcher();
        searcher.Search(segment, queries[0].TermIds, queries[0].Impacts, new SparseSearchOptions(10));
        double firstMs = clock.Elapsed.TotalMilliseconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        progress?.Report(new($"Opened in {openMs:F1} ms, first answer after {firstMs:F1} ms"));
        int mismatches = LatencyMeasurement.CountMismatches(segment, queries.AsSpan(0, options.CheckedQueries), Depths, progress, cancellationToken);
        progress?.Report(new($"{mismatches} of {options.CheckedQueries * Depths.Length * 2} answers differ from the dot product"));
        GeneratedQuery[] timed = queries[..options.Queries];
        bool timing = timed.Length > 0;
        List<SparseLatency> latencies = timing ? LatencyMeasurement.Run(segment, timed, Depths, options.Passes, progress, cancellationToken) : [];
        double one = timing ? LatencyMeasurement.QueriesPerSecond(segment, timed, 1, cancellationToken) : 0;
        double all = timing ? LatencyMeasurement.QueriesPerSecond(segment, timed, options.Threads, cancellationToken) : 0;
        double dotProductMs = timing ? LatencyMeasurement.DotProductMs(segment, timed, cancellationToken) : 0;
        double postings = timing ? timed.Average(query => (double)PostingsOf(segment, query)) : 0;
        double Speedup(int k) => timing ? Latency(latencies, "Exhaustive", k).P50 / Latency(latencies, "Planned", k).P50 : 0;
        SparseStatistics statistics = SparseStatistics.Of(segment);
        return new SparseBenchmarkReport
        {
            Documents = options.Documents,
            Vocabulary = options.Vocabulary,
            Seed = options.Seed,
            Queries = options.Queries,
            Threads = options.Threads,
            Postings = segment.PostingCount,
            PostingsPerQuery = postings,
            BuildSeconds = made.BuildSeconds,
            PeakMemoryBytes = made.PeakMemoryBytes,
            BytesPerPosting = statistics.BytesPerPosting,
            BytesByPart = statistics.BytesByPart,
            OpenMs = openMs,
            FirstAnswerMs = firstMs,
            PrivateBytes = allocated,
            ExhaustivePostingsPerSecond = timing ? postings / Latency(latencies, "Exhaustive", 10).Mean * 1e6 : 0,
            SpeedupVsExhaustiveK10 = Speedup(10),
            SpeedupVsExhaustiveK100 = Speedup(100),
            SpeedupVsExhaustiveK1000 = Speedup(1000),
            DotProductMs = dotProductMs,
            QpsOneThread = one,
            QpsAllThreads = all,
            Mismatches = mismatches,
            Checked = options.CheckedQueries * Depths.Length * 2,
            Latencies = latencies,
        };
    }

    private static SparseLatency Latency(List<SparseLatency> latencies, string algorithm, int k) =>
        latencies.First(latency => latency.Algorithm == algorithm && latency.K == k);

    private static long PostingsOf(SparseSegment segment, GeneratedQuery query)
    {
        long postings = 0;
        foreach (int termId in query.TermIds)
        {
            int ordinal = segment.FindTerm(termId);
            postings += ordinal < 0 ? 0 : segment.Record(ordinal).PostingCount;
        }

        return postings;
    }

    // Compiles the code of opening and searching on a tiny segment, so that the first answer measures the segment.
    private static void WarmUp(GeneratedQuery query)
    {
        using var builder = new SparseSegmentBuilder(new SparseBuildOptions());
        builder.AddImpacts(query.TermIds, new byte[query.TermIds.Length]);
        builder.Add(query.TermIds, Array.ConvertAll(query.Impacts, impact => impact / 24f));
        using var stream = new MemoryStream();
        builder.Build(stream, [], CancellationToken.None);
        using var segment = SparseSegment.Open(stream.ToArray(), "warm-up");
        var searcher = new SparseSearcher();
        for (int i = 0; i < 50; i++)
        {
            searcher.Search(segment, query.TermIds, query.Impacts, new SparseSearchOptions(10));
        }
    }
}
