using CsCheck;
using Platform.Evaluation.Reports;
using Platform.Evaluation.Significance;

namespace Platform.Evaluation.Tests.Significance;

public sealed class PairedComparisonTests
{
    private const int Trials = 20_000;

    private static readonly Gen<double[]> Values = Gen.Double[0, 1].Array[12];

    [Fact]
    public void The_p_value_is_near_the_share_of_all_sign_changes() =>
        Gen.Select(Values, Values).Sample(
            (first, second) =>
            {
                double exact = Exact(first, second);
                double sixDeviations = 6 * Math.Sqrt(exact * (1 - exact) / Trials);

                Assert.InRange(PairedComparison.Of(first, second, Trials).PValue, exact - sixDeviations - (1.0 / Trials), exact + sixDeviations + (1.0 / Trials));
            },
            iter: 30);

    [Fact]
    public void Equal_systems_do_not_differ()
    {
        double[] values = [0.1, 0.5, 0.9];

        Assert.Equal(new PairedComparison(0, 1, 0, 0, 3), PairedComparison.Of(values, values));
    }

    [Fact]
    public void A_system_that_wins_every_query_of_many_differs_as_much_as_can_be_shown()
    {
        double[] first = [.. Enumerable.Range(0, 60).Select(i => i / 100.0)];
        double[] second = [.. first.Select(value => value + 0.1)];

        var found = PairedComparison.Of(first, second, trials: 999);

        Assert.Equal(0.1, found.Difference, 9);
        Assert.Equal((60, 0, 60), (found.Wins, found.Losses, found.Queries));
        Assert.Equal(0.001, found.PValue, 9);
    }

    [Fact]
    public void Reports_are_compared_by_query_whatever_their_order()
    {
        EvaluationReport first = Report(("a", 0.2), ("b", 0.4));
        EvaluationReport second = Report(("b", 0.4), ("a", 0.8));

        var found = PairedComparison.Of(first, second, "nDCG@10");

        Assert.Equal(0.3, found.Difference, 9);
        Assert.Equal((1, 0), (found.Wins, found.Losses));
    }

    [Fact]
    public void Reports_of_other_queries_or_metrics_are_refused()
    {
        EvaluationReport first = Report(("a", 0.2));

        Assert.Contains("not the same ones", Assert.Throws<ArgumentException>(() => PairedComparison.Of(first, Report(("b", 0.2)), "nDCG@10")).Message, StringComparison.Ordinal);
        Assert.Contains("it has nDCG@10", Assert.Throws<ArgumentException>(() => PairedComparison.Of(first, first, "MAP")).Message, StringComparison.Ordinal);
        Assert.Contains("keeps no values", Assert.Throws<ArgumentException>(() => PairedComparison.Of(first with { PerQuery = null }, first, "MAP")).Message, StringComparison.Ordinal);
    }

    private static double Exact(double[] first, double[] second)
    {
        double[] differences = [.. first.Zip(second, (a, b) => b - a)];
        double seen = Math.Abs(differences.Sum());
        int all = 1 << differences.Length;
        int asLarge = Enumerable.Range(0, all)
            .Count(signs => Math.Abs(differences.Select((value, i) => (signs >> i & 1) == 0 ? value : -value).Sum()) >= seen - 1e-12);
        return (double)asLarge / all;
    }

    private static EvaluationReport Report(params (string Query, double Value)[] queries) => new(
        "c", "test", "e", new EvaluationCounts(1, queries.Length, 0, 0), [], [], null,
        [.. queries.Select(query => new QueryReport(query.Query, new OrderedDictionary<string, double> { ["nDCG@10"] = query.Value }))]);
}
