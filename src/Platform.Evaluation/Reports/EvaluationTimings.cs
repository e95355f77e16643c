namespace Platform.Evaluation.Reports;

/// <summary>How fast an evaluation was.</summary>
/// <param name="DocumentsPerSecond">Documents encoded and indexed a second.</param>
/// <param name="QueryP50Milliseconds">Half of the queries were answered within this.</param>
/// <param name="QueryP95Milliseconds">95 % of the queries were answered within this.</param>
public sealed record EvaluationTimings(double DocumentsPerSecond, double QueryP50Milliseconds, double QueryP95Milliseconds)
{
    /// <summary>Makes timings of what was measured; percentiles are latencies that occurred (nearest rank).</summary>
    /// <param name="documentCount">Documents encoded and indexed.</param>
    /// <param name="indexing">The time they took; zero gives a rate of zero.</param>
    /// <param name="queryLatencies">One a query, in any order; none gives percentiles of zero.</param>
    public static EvaluationTimings Of(long documentCount, TimeSpan indexing, IReadOnlyCollection<TimeSpan> queryLatencies)
    {
        double[] sorted = [.. queryLatencies.Select(latency => latency.TotalMilliseconds).Order()];
        double rate = indexing > TimeSpan.Zero ? documentCount / indexing.TotalSeconds : 0;
        return new(rate, Percentile(sorted, 50), Percentile(sorted, 95));
    }

    private static double Percentile(double[] sorted, int percent) =>
        sorted.Length == 0 ? 0 : sorted[(((sorted.Length * percent) + 99) / 100) - 1];
}
