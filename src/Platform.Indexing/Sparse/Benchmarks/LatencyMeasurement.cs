using System.Diagnostics;

namespace Platform.Indexing.Sparse;

/// <summary>Times searches side by side, contenders taking turns, so that noise falls on all alike.</summary>
/// <remarks>In one turn every contender has another query, lest the first fetch the postings for the rest.</remarks>
internal static class LatencyMeasurement
{
    private const int Apart = 37;

    private static readonly (string Name, SparseSearchOptions Options)[] Contenders =
    [
        ("Exhaustive", new SparseSearchOptions(1, SparseAlgorithm.Exhaustive)),
        ("Planned", new SparseSearchOptions(1)),
        ("Blocks x 0.7", new SparseSearchOptions(1, BlockFactor: 0.7f)),
        ("Terms 0.9", new SparseSearchOptions(1, TermShare: 0.9f)),
        ("Both", new SparseSearchOptions(1, BlockFactor: 0.7f, TermShare: 0.9f)),
    ];

    /// <summary>Times every contender at every k; a query's fastest pass counts.</summary>
    public static List<SparseLatency> Run(
        SparseSegment segment,
        GeneratedQuery[] queries,
        int[] depths,
        int passes,
        IProgress<SparseBenchmarkProgress>? progress,
        CancellationToken cancellationToken)
    {
        List<SparseLatency> results = [];
        var searcher = new SparseSearcher();
        foreach (int k in depths)
        {
            double[][] times = [.. Contenders.Select(_ => Enumerable.Repeat(double.MaxValue, queries.Length).ToArray())];
            long[] scored = new long[Contenders.Length];
            SparseHit[][][] answers = [.. Contenders.Select(_ => new SparseHit[queries.Length][])];
            long all = 0;
            string step = $"Timing queries at k {k}";
            for (int pass = 0; pass <= passes; pass++)                  // the first pass warms up
            {
                Array.Clear(scored);
                all = 0;
                for (int turn = 0; turn < queries.Length; turn++)
                {
                    Tell(progress, step, (pass * queries.Length) + turn, (passes + 1) * queries.Length, cancellationToken);
                    for (int i = 0; i < Contenders.Length; i++)
                    {
                        int query = (turn + (i * Apart)) % queries.Length;
                        long start = Stopwatch.GetTimestamp();
                        SparseTopK answer = searcher.Search(
                            segment, queries[query].TermIds, queries[query].Impacts, Contenders[i].Options with { K = k });
                        double elapsed = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                        times[i][query] = pass == 0 ? double.MaxValue : Math.Min(times[i][query], elapsed);
                        scored[i] += answer.Execution.Postings;
                        all += i == 0 ? answer.Execution.AllPostings : 0;
                        answers[i][query] = answer.Hits;
                    }
                }
            }

            for (int i = 0; i < Contenders.Length; i++)
            {
                results.Add(Summarise(k, Contenders[i].Name, times[i], scored[i] / (double)all, Recall(answers[0], answers[i])));
            }
        }

        return results;
    }

    /// <summary>Compares Exhaustive and the default with the dot product; returns how many answers differ.</summary>
    public static int CountMismatches(
        SparseSegment segment,
        ReadOnlySpan<GeneratedQuery> queries,
        int[] depths,
        IProgress<SparseBenchmarkProgress>? progress,
        CancellationToken cancellationToken)
    {
        int mismatches = 0;
        int done = 0;
        var searcher = new SparseSearcher();
        foreach (GeneratedQuery query in queries)
        {
            Tell(progress, "Comparing answers with the dot product", done++, queries.Length, cancellationToken);
            var oracle = new SparseSearchOptions(depths.Max(), SparseAlgorithm.DotProduct);
            SparseHit[] expected = searcher.Search(segment, query.TermIds, query.Impacts, oracle).Hits;
            foreach (int k in depths)
            {
                ReadOnlySpan<SparseHit> best = expected.AsSpan(0, Math.Min(k, expected.Length));
                foreach (SparseAlgorithm algorithm in (ReadOnlySpan<SparseAlgorithm>)[SparseAlgorithm.Exhaustive, SparseAlgorithm.Planned])
                {
                    SparseTopK answer = searcher.Search(segment, query.TermIds, query.Impacts, new SparseSearchOptions(k, algorithm));
                    mismatches += best.SequenceEqual(answer.Hits) ? 0 : 1;
                }
            }
        }

        return mismatches;
    }

    /// <summary>Milliseconds of a plain dot product with every document at k 10: the median of 20 queries at most.</summary>
    public static double DotProductMs(SparseSegment segment, GeneratedQuery[] queries, CancellationToken cancellationToken)
    {
        var searcher = new SparseSearcher();
        double[] times = new double[Math.Min(20, queries.Length)];
        for (int i = 0; i < times.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            searcher.Search(segment, queries[i].TermIds, queries[i].Impacts, new SparseSearchOptions(10, SparseAlgorithm.DotProduct));
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[times.Length / 2];
    }

    /// <summary>Queries a second at k 10, each thread with its own searcher and all queries.</summary>
    public static double QueriesPerSecond(SparseSegment segment, GeneratedQuery[] queries, int threads, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        Thread[] workers = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            workers[i] = new Thread(() =>
            {
                var searcher = new SparseSearcher();
                for (int query = 0; query < queries.Length && !cancellationToken.IsCancellationRequested; query++)
                {
                    searcher.Search(segment, queries[query].TermIds, queries[query].Impacts, new SparseSearchOptions(10));
                }
            });
            workers[i].Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return threads * queries.Length / clock.Elapsed.TotalSeconds;
    }

    // Between searches, and seldom: it must cost the measurement nothing.
    private static void Tell(IProgress<SparseBenchmarkProgress>? progress, string step, int done, int total, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (done % 64 == 0)
        {
            progress?.Report(new(step, done, total));
        }
    }

    private static double Recall(SparseHit[][] exact, SparseHit[][] found)
    {
        long expected = 0;
        long common = 0;
        for (int query = 0; query < exact.Length; query++)
        {
            HashSet<int> documents = [.. exact[query].Select(hit => hit.DocId)];
            expected += documents.Count;
            common += found[query].Count(hit => documents.Contains(hit.DocId));
        }

        return common / (double)Math.Max(1, expected);
    }

    private static SparseLatency Summarise(int k, string name, double[] times, double scored, double recall)
    {
        Array.Sort(times);
        return new SparseLatency(
            k, name, times[times.Length / 2], times[times.Length * 95 / 100], times[times.Length * 99 / 100], times.Average(), scored, recall);
    }
}
