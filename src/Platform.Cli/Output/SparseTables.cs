using System.Globalization;
using Platform.Client.Contracts;
using Platform.Indexing.Sparse;
using Spectre.Console;

namespace Platform.Cli.Output;

/// <summary>The sparse part of an index, and what quantisation costs, as tables.</summary>
internal static class SparseTables
{
    /// <summary>Sums, bytes by part, and what reordering gained.</summary>
    public static void Write(Terminal terminal, SparseIndexStatistics statistics)
    {
        Grid grid = IndexTables.NewGrid();
        IndexTables.AddRow(grid, "Sparse postings", Figures.Count(statistics.Postings));
        IndexTables.AddRow(grid, "Sparse terms", Figures.Count(statistics.Terms));
        IndexTables.AddRow(grid, "Non-zeros a document", Number(statistics.TermsPerDocument, "F1"));
        IndexTables.AddRow(grid, "Expected FLOPS, document by document", Number(statistics.ExpectedDocumentFlops, "F3"));
        if (statistics.ExpectedQueryFlops is { } flops)
        {
            IndexTables.AddRow(grid, "Expected FLOPS, query by document", Number(flops, "F3"));
        }

        if (statistics.SealedPostings == 0)
        {
            IndexTables.AddRow(grid, "Bytes a posting", "all postings are in memory still");
            terminal.Console.Write(grid);
            return;
        }

        IndexTables.AddRow(grid, "Bytes a posting", Number(statistics.BytesPerPosting, "F3"));
        foreach ((string part, long bytes) in statistics.BytesByPart)
        {
            IndexTables.AddRow(grid, $"  {part}", Number(bytes / (double)statistics.SealedPostings, "F3"));
        }

        ReorderingGain gain = statistics.Reordering;
        IndexTables.AddRow(grid, "Reordering", "as it lies; in a random order");
        IndexTables.AddRow(grid, "  bytes of postings", $"{Figures.Bytes(gain.Bytes)}; {Figures.Bytes(gain.RandomBytes)}");
        IndexTables.AddRow(grid, "  blocks and single postings", $"{Figures.Count(gain.Steps)}; {Figures.Count(gain.RandomSteps)}");
        IndexTables.AddRow(grid, "  postings in dense blocks", $"{Number(gain.DenseShare, "P1")}; {Number(gain.RandomDenseShare, "P1")}");
        terminal.Console.Write(grid);
    }

    /// <summary>Errors of weights and of scores.</summary>
    public static void Write(Terminal terminal, QuantisationReport report)
    {
        Grid grid = IndexTables.NewGrid();
        IndexTables.AddRow(grid, "Documents", Figures.Count(report.Documents));
        IndexTables.AddRow(grid, "Queries", Figures.Count(report.Queries));
        IndexTables.AddRow(grid, "Weights kept", Figures.Count(report.Weights));
        IndexTables.AddRow(grid, "Weights pruned", Figures.Count(report.PrunedWeights));
        IndexTables.AddRow(grid, "Weights cut to the largest", Figures.Count(report.ClippedWeights));
        IndexTables.AddRow(grid, "Error of a weight", $"mean {Number(report.MeanWeightError, "G4")}, largest {Number(report.LargestWeightError, "G4")}");
        terminal.Console.Write(grid);
        terminal.Console.WriteLine();
        Table table = IndexTables.NewTable(("Beside float scores", false), ("Scores", true), ("Mean score", true), ("Mean error", true), ("Largest error", true), ("Overlap@10", true));
        AddRow(table, "of the kept weights", report.Quantisation);
        if (report.PruningAndQuantisation is { } whole)
        {
            AddRow(table, "of the whole vectors", whole);
        }

        terminal.Console.Write(table);
    }

    private static void AddRow(Table table, string beside, ScoreErrors errors) => IndexTables.AddRow(
        table, beside, Figures.Count(errors.Scores), Number(errors.MeanScore, "G4"), Number(errors.MeanError, "G4"), Number(errors.LargestError, "G4"), Number(errors.OverlapAt10, "F4"));

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
