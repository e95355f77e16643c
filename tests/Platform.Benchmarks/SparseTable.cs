using System.Globalization;
using Platform.Indexing.Sparse;

namespace Platform.Benchmarks;

/// <summary>Runs the sparse benchmark and prints its tables as Markdown.</summary>
internal static class SparseTable
{
    public static int Run(string[] args)
    {
        int Number(string name, int missing)
        {
            int at = Array.IndexOf(args, name);
            return at < 0 ? missing : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
        }

        string? Text(string name)
        {
            int at = Array.IndexOf(args, name);
            return at < 0 ? null : args[at + 1];
        }

        var options = new SparseBenchmarkOptions
        {
            Documents = Number("--documents", 100_000),
            Vocabulary = Number("--vocabulary", 30_522),
            Seed = (ulong)Number("--seed", 20261122),
            Queries = Number("--queries", 1000),
            CheckedQueries = Number("--checked", 1000),
            LargestQueryImpact = Number("--query-impact", 24),
            SegmentPath = Text("--segment"),
            Threads = Number("--threads", 2),
        };
        SparseBenchmarkReport report = SparseBenchmark.Run(options, new ConsoleProgress(), CancellationToken.None);
        Print(report);
        if (args.Contains("--lucene"))
        {
            LucenePeer.Run(options, Text("--lucene-folder"), report);
        }

        return report.Mismatches == 0 ? 0 : 1;
    }

    private static void Print(SparseBenchmarkReport report)
    {
        static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
        Line($"| documents | vocabulary | postings | a query | build s | peak MB | bytes/posting | open ms | first answer ms | private MB |");
        Line($"|---|---|---|---|---|---|---|---|---|---|");
        Line($"| {report.Documents} | {report.Vocabulary} | {report.Postings} | {report.PostingsPerQuery:F0} | {report.BuildSeconds:F1} | {report.PeakMemoryBytes / 1e6:F0} | {report.BytesPerPosting:F3} | {report.OpenMs:F1} | {report.FirstAnswerMs:F1} | {report.PrivateBytes / 1e6:F2} |");
        Line($"");
        Line($"| k | algorithm | p50 us | p95 us | p99 us | mean us | postings scored | recall@k |");
        Line($"|---|---|---|---|---|---|---|---|");
        foreach (SparseLatency latency in report.Latencies)
        {
            Line($"| {latency.K} | {latency.Algorithm} | {latency.P50:F0} | {latency.P95:F0} | {latency.P99:F0} | {latency.Mean:F0} | {latency.PostingsScored:F3} | {latency.RecallAtK:F4} |");
        }

        Line($"");
        Line($"Exhaustive {report.ExhaustivePostingsPerSecond / 1e9:F2} G postings/s; default over Exhaustive {report.SpeedupVsExhaustiveK10:F2}x at k 10, {report.SpeedupVsExhaustiveK100:F2}x at k 100, {report.SpeedupVsExhaustiveK1000:F2}x at k 1000; {report.QpsOneThread:F0} queries/s on one thread, {report.QpsAllThreads:F0} on two; plain dot product {report.DotProductMs:F1} ms; {report.Mismatches} mismatches in {report.Checked} answers.");
        Line($"Bytes by part: {string.Join(", ", report.BytesByPart.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Key} {part.Value / (double)report.Postings:F3}")))} a posting.");
    }

    private sealed class ConsoleProgress : IProgress<SparseBenchmarkProgress>
    {
        public void Report(SparseBenchmarkProgress value)
        {
            if (value.Done == 0)
            {
                Console.WriteLine(value.Step);
            }
        }
    }
}
