using System.Globalization;
using Platform.Cli.Commands;
using Platform.Evaluation.Reports;
using Platform.Evaluation.Significance;
using Spectre.Console;

namespace Platform.Cli.Output;

/// <summary>Several evaluations of one collection side by side, each compared with the first.</summary>
internal static class ComparisonTable
{
    private const string Metric = "nDCG@10";

    /// <summary>Writes the table.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="reports">The evaluations, with each query's values; the first is the baseline.</param>
    /// <param name="metrics">The metrics to show.</param>
    public static void Write(Terminal terminal, IReadOnlyList<NamedReport> reports, IReadOnlyList<string> metrics)
    {
        EvaluationReport baseline = reports[0].Report;
        Table table = IndexTables.NewTable(
            [($"{Figures.Count(baseline.Counts.Documents, "document")}, {Figures.Count(baseline.Counts.Queries, "query")}", false), .. reports.Select(report => (report.Name, true))]);
        foreach (string metric in metrics)
        {
            IndexTables.AddRow(table, [metric, .. reports.Select(report => Figures.Score(report.Report.Metrics[metric]))]);
        }

        PairedComparison?[] comparisons = [null, .. reports.Skip(1).Select(report => PairedComparison.Of(baseline, report.Report, Metric))];
        IndexTables.AddRow(table, [$"better, worse than {reports[0].Name}", .. comparisons.Select(found => found is null ? "" : $"{Figures.Count(found.Wins)}, {Figures.Count(found.Losses)}")]);
        IndexTables.AddRow(table, ["p of the difference", .. comparisons.Select(found => found is null ? "" : Probability(found.PValue))]);
        IndexTables.AddRow(table, ["query p50", .. reports.Select(report => Figures.Milliseconds(report.Report.Timings?.QueryP50Milliseconds ?? 0))]);
        terminal.Console.Write(table);
    }

    private static string Probability(double value) => value < 0.001 ? "< 0.001" : value.ToString("F3", CultureInfo.InvariantCulture);
}
