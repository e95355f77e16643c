using System.Globalization;
using Platform.Cli.Commands.Evaluating;
using Platform.Evaluation.Reports;
using Spectre.Console;

namespace Platform.Cli.Output;

/// <summary>Several evaluations of the same queries side by side, each compared with the first.</summary>
internal static class ComparisonTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="reports">The evaluations; the first is the baseline.</param>
    /// <param name="comparison">Of the same, in the same order.</param>
    /// <param name="metrics">The metrics to show.</param>
    public static void Write(Terminal terminal, IReadOnlyList<NamedReport> reports, ReportComparison comparison, IReadOnlyList<string> metrics)
    {
        EvaluationCounts counts = reports[0].Report.Counts;
        Table table = IndexTables.NewTable(
            [($"{Figures.Count(counts.Documents, "document")}, {Figures.Count(counts.Queries, "query")}", false), .. reports.Select(report => (report.Name, true))]);
        foreach (string metric in metrics)
        {
            IndexTables.AddRow(table, [metric, .. reports.Select(report => Figures.Score(report.Report.Metrics[metric]))]);
        }

        if (reports.All(report => report.Report.Timings is not null))
        {
            IndexTables.AddRow(table, ["query p50", .. reports.Select(report => Figures.Milliseconds(report.Report.Timings!.QueryP50Milliseconds))]);
        }

        table.AddEmptyRow();
        AddRow($"{comparison.Metric} over {comparison.Baseline}", found => found.Difference is { } value ? value.ToString("+0.0000;-0.0000", CultureInfo.InvariantCulture) : "");
        AddRow("queries better, worse", found => found is { Wins: { } wins, Losses: { } losses } ? $"{Figures.Count(wins)}, {Figures.Count(losses)}" : "");
        AddRow("p, corrected", found => found.AdjustedPValue is { } value ? Probability(value) : "");
        terminal.Console.Write(table);

        void AddRow(string name, Func<ComparedReport, string> cell) => IndexTables.AddRow(table, [name, .. comparison.Reports.Select(cell)]);
    }

    private static string Probability(double value) => value < 0.001 ? "< 0.001" : value.ToString("F3", CultureInfo.InvariantCulture);
}
