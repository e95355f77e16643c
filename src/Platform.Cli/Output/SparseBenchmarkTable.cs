using System.Globalization;
using Platform.Indexing.Sparse;
using Spectre.Console;

namespace Platform.Cli.Output;

/// <summary>What the sparse benchmark measured, as two tables.</summary>
internal static class SparseBenchmarkTable
{
    /// <summary>Writes the tables.</summary>
    public static void Write(Terminal terminal, SparseBenchmarkReport report)
    {
        Grid grid = IndexTables.NewGrid();
        IndexTables.AddRow(grid, "Collection", $"{Figures.Count(report.Documents, "document")}, vocabulary {Figures.Count(report.Vocabulary)}, seed {report.Seed}");
        IndexTables.AddRow(grid, "Postings", $"{Figures.Count(report.Postings)}, {Figures.Count((long)report.PostingsPerQuery)} a query");
        IndexTables.AddRow(grid, "Bytes a posting", $"{Decimals(report.BytesPerPosting)} ({Parts(report)})");
        IndexTables.AddRow(grid, "Built in", $"{Figures.Duration(TimeSpan.FromSeconds(report.BuildSeconds))}, peak memory {Figures.Bytes(report.PeakMemoryBytes)}");
        IndexTables.AddRow(grid, "Opened in", $"{Figures.Milliseconds(report.OpenMs)}, first answer after {Figures.Milliseconds(report.FirstAnswerMs)}, {Figures.Bytes(report.PrivateBytes)} beyond the map");
        IndexTables.AddRow(grid, "Exhaustive", $"{Decimals(report.ExhaustivePostingsPerSecond / 1e9)} billion postings/s");
        IndexTables.AddRow(grid, "Planned against it", $"{Decimals(report.SpeedupVsExhaustiveK10)}x at k 10, {Decimals(report.SpeedupVsExhaustiveK100)}x at 100, {Decimals(report.SpeedupVsExhaustiveK1000)}x at 1,000");
        IndexTables.AddRow(grid, "Queries a second", $"{Figures.Count((long)report.QpsOneThread)} on one thread, {Figures.Count((long)report.QpsAllThreads)} on {report.Threads}");
        IndexTables.AddRow(grid, "Unlike the dot product", $"{Figures.Count(report.Mismatches)} of {Figures.Count(report.Checked, "answer")}");
        terminal.Console.Write(grid);

        Table table = IndexTables.NewTable(
            ("k", true), ("Algorithm", false), ("p50 us", true), ("p95 us", true), ("p99 us", true), ("Mean us", true), ("Postings scored", true), ("Recall", true));
        foreach (SparseLatency row in report.Latencies)
        {
            IndexTables.AddRow(
                table,
                Figures.Count(row.K),
                row.Algorithm,
                Whole(row.P50),
                Whole(row.P95),
                Whole(row.P99),
                Whole(row.Mean),
                row.PostingsScored.ToString("P1", CultureInfo.InvariantCulture),
                Figures.Score(row.RecallAtK));
        }

        terminal.Console.Write(table);
    }

    private static string Parts(SparseBenchmarkReport report) =>
        string.Join(", ", report.BytesByPart.Select(part => $"{part.Key} {Decimals((double)part.Value / Math.Max(1, report.Postings))}"));

    private static string Decimals(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
