using Platform.Evaluation.Reports;

namespace Platform.Evaluation.Significance;

/// <summary>Two systems on the same queries: by how much they differ, and whether chance alone would differ as much.</summary>
/// <remarks>
/// Fisher's randomisation test, two-sided, on the mean of the per-query differences: under the null hypothesis either system could have
/// had either value of a query, so each difference keeps or changes its sign by a fair coin; Smucker, Allan and Carterette 2007,
/// doi:10.1145/1321440.1321528.
/// </remarks>
/// <param name="Difference">The mean over the queries of the second system's value less the first's.</param>
/// <param name="PValue">The share of the sign changes whose mean difference is at least as large; in (0, 1], never below 1 / (trials + 1).</param>
/// <param name="Wins">Queries that the second system answers better.</param>
/// <param name="Losses">Queries that it answers worse.</param>
/// <param name="Queries">Queries compared.</param>
public sealed record PairedComparison(double Difference, double PValue, int Wins, int Losses, int Queries)
{
    /// <summary>Sign changes that are tried where the caller names no number.</summary>
    public const int DefaultTrials = 20_000;

    private const double Tolerance = 1e-12;            // sums in another order are no other result

    /// <summary>Compares a metric of two reports on the queries of the first.</summary>
    /// <param name="first">A report with each query's values.</param>
    /// <param name="second">Another one on the same queries.</param>
    /// <param name="metric">For example <c>nDCG@10</c>.</param>
    /// <exception cref="ArgumentException">A report keeps no queries, or the queries differ, or one lacks the metric.</exception>
    public static PairedComparison Of(EvaluationReport first, EvaluationReport second, string metric)
    {
        Dictionary<string, double> mine = ValuesOf(first, metric);
        Dictionary<string, double> theirs = ValuesOf(second, metric);
        if (!mine.Keys.ToHashSet().SetEquals(theirs.Keys))
        {
            throw new ArgumentException($"The reports have {mine.Count} and {theirs.Count} queries, not the same ones; compare runs of the same queries.", nameof(second));
        }

        string[] queries = [.. mine.Keys.Order(StringComparer.Ordinal)];
        return Of([.. queries.Select(query => mine[query])], [.. queries.Select(query => theirs[query])]);
    }

    /// <summary>Compares values query by query.</summary>
    /// <param name="first">One system's values, one a query.</param>
    /// <param name="second">The other's, in the same order.</param>
    /// <param name="trials">Sign changes to try, 1 or more.</param>
    /// <param name="seed">The same seed gives the same p-value.</param>
    /// <exception cref="ArgumentException">The lengths differ, or are zero.</exception>
    public static PairedComparison Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int trials = DefaultTrials, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        if (first.Length != second.Length || first.IsEmpty)
        {
            throw new ArgumentException($"There are {first.Length} and {second.Length} values; a paired comparison needs as many of both, at least one.", nameof(second));
        }

        double[] differences = new double[first.Length];
        int wins = 0, losses = 0;
        for (int i = 0; i < differences.Length; i++)
        {
            differences[i] = second[i] - first[i];
            wins += differences[i] > 0 ? 1 : 0;
            losses += differences[i] < 0 ? 1 : 0;
        }

        double seen = Math.Abs(differences.Sum());
        var random = new Random(seed);
        int asLarge = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            asLarge += Math.Abs(WithSigns(differences, random)) >= seen - Tolerance ? 1 : 0;
        }

        return new PairedComparison(differences.Average(), (asLarge + 1.0) / (trials + 1), wins, losses, differences.Length);
    }

    private static double WithSigns(double[] differences, Random random)
    {
        double sum = 0;
        long signs = 0;
        for (int i = 0; i < differences.Length; i++)
        {
            signs = i % 62 == 0 ? random.NextInt64() : signs >> 1;
            sum += (signs & 1) == 0 ? differences[i] : -differences[i];
        }

        return sum;
    }

    private static Dictionary<string, double> ValuesOf(EvaluationReport report, string metric) =>
        (report.PerQuery ?? throw new ArgumentException($"The report of '{report.Collection}' by '{report.Encoder}' keeps no values of single queries.", nameof(report)))
        .ToDictionary(
            query => query.Query,
            query => query.Metrics.TryGetValue(metric, out double value)
                ? value
                : throw new ArgumentException($"Query '{query.Query}' has no '{metric}'; it has {string.Join(", ", query.Metrics.Keys)}.", nameof(metric)));
}
