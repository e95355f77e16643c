using Platform.Evaluation.Significance;

namespace Platform.Cli.Commands.Evaluating;

/// <summary>Evaluations of the same queries beside a baseline.</summary>
/// <param name="Metric">What is compared.</param>
/// <param name="Baseline">The name of the report that the others are compared with.</param>
/// <param name="Reports">All, the baseline first.</param>
internal sealed record ReportComparison(string Metric, string Baseline, IReadOnlyList<ComparedReport> Reports)
{
    /// <summary>Compares.</summary>
    /// <param name="reports">With each query's values; the first is the baseline.</param>
    /// <param name="metric">For example <c>nDCG@10</c>.</param>
    /// <exception cref="ArgumentException">The reports are not of the same queries, or lack the metric.</exception>
    public static ReportComparison Of(IReadOnlyList<NamedReport> reports, string metric)
    {
        PairedComparison[] found = [.. reports.Skip(1).Select(report => PairedComparison.Of(reports[0].Report, report.Report, metric))];
        double[] adjusted = HolmBonferroni.Adjust([.. found.Select(comparison => comparison.PValue)]);
        return new ReportComparison(
            metric,
            reports[0].Name,
            [
                new ComparedReport(reports[0].Name, reports[0].Report.Metrics[metric], null, null, null, null, null),
                .. found.Select((comparison, i) => new ComparedReport(
                    reports[i + 1].Name, reports[i + 1].Report.Metrics[metric], comparison.Difference, comparison.PValue, adjusted[i], comparison.Wins, comparison.Losses)),
            ]);
    }
}

/// <summary>One report in a comparison; all but the first two null for the baseline.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mean">The metric's mean over the queries.</param>
/// <param name="Difference">The mean difference from the baseline.</param>
/// <param name="PValue">Of that difference, two-sided.</param>
/// <param name="AdjustedPValue">By Holm and Bonferroni over all comparisons.</param>
/// <param name="Wins">Queries answered better than by the baseline.</param>
/// <param name="Losses">Queries answered worse.</param>
internal sealed record ComparedReport(string Name, double Mean, double? Difference, double? PValue, double? AdjustedPValue, int? Wins, int? Losses);
