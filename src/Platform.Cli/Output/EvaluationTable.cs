using Platform.Cli.Commands.Evaluating;
using Platform.Client.Ingest;
using Platform.Evaluation.Reports;
using Spectre.Console;

namespace Platform.Cli.Output;

/// <summary>What an evaluation found, as a table; and what was wrong with it, on standard error.</summary>
internal static class EvaluationTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="report">The numbers.</param>
    /// <param name="metrics">Which metrics; all for null.</param>
    public static void Write(Terminal terminal, EvaluationReport report, IReadOnlyList<string>? metrics = null)
    {
        Table table = IndexTables.NewTable(($"{report.Collection}/{report.Split}", false), (report.Encoder, true));
        foreach ((string name, double value) in report.Metrics)
        {
            if (metrics is null || metrics.Contains(name))
            {
                IndexTables.AddRow(table, name, Figures.Score(value));
            }
        }

        table.AddEmptyRow();
        IndexTables.AddRow(table, "documents", Figures.Count(report.Counts.Documents));
        IndexTables.AddRow(table, "judged queries", Figures.Count(report.Counts.Queries));
        if (report.Timings is { } timings)
        {
            if (timings.DocumentsPerSecond > 0)
            {
                IndexTables.AddRow(table, "documents ingested", Figures.Rate(timings.DocumentsPerSecond));
            }

            IndexTables.AddRow(table, "query p50", Figures.Milliseconds(timings.QueryP50Milliseconds));
            IndexTables.AddRow(table, "query p95", Figures.Milliseconds(timings.QueryP95Milliseconds));
        }

        terminal.Console.Write(table);
    }

    /// <summary>Names documents that are missing from the index, and judged queries without results.</summary>
    public static void Warn(Terminal terminal, EvaluationOutcome outcome)
    {
        const int MaxShown = 5;
        if (outcome.Ingested is { IsComplete: false } summary)
        {
            terminal.Say($"platform: {Figures.Count(summary.Failed + summary.Unknown, "document")} of {Figures.Count(summary.Read)} are missing from the index, so the numbers are not the collection's:");
            foreach (IngestResult failure in summary.Failures.Take(MaxShown))
            {
                terminal.Say($"  document '{failure.Id}': {failure.Error?.Detail}");
            }
        }

        if (outcome.Report.Counts.JudgedQueriesWithoutResults is > 0 and { } without)
        {
            terminal.Say($"platform: nothing was found for {without} of the judged queries; each counts as zero.");
        }
    }
}
