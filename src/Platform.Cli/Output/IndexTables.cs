using System.Globalization;
using Platform.Client.Contracts;
using Spectre.Console;

namespace Platform.Cli.Output;

/// <summary>Indexes and their figures as tables.</summary>
internal static class IndexTables
{
    /// <summary>All indexes, a line each.</summary>
    public static void WriteList(Terminal terminal, IReadOnlyList<IndexDescription> indexes)
    {
        Table table = NewTable(("Index", false), ("Shards", true), ("Encoder", false), ("Created", false));
        foreach (IndexDescription index in indexes)
        {
            AddRow(table, index.Name, Figures.Count(index.Shards), index.Encoder, Moment(index.CreatedAt));
        }

        terminal.Console.Write(table);
    }

    /// <summary>One index, a property a line.</summary>
    public static void WriteOne(Terminal terminal, IndexDescription index)
    {
        Grid grid = NewGrid();
        AddRow(grid, "Index", index.Name);
        AddRow(grid, "Shards", Figures.Count(index.Shards));
        AddRow(grid, "Encoder", index.Encoder);
        AddRow(grid, "BM25", string.Create(CultureInfo.InvariantCulture, $"k1 {index.Bm25.K1}, b {index.Bm25.B}"));
        AddRow(grid, "Largest sparse weight", index.Sparse.MaxWeight.ToString(CultureInfo.InvariantCulture));
        AddRow(grid, "Terms kept a document", index.Sparse.TopTermsPerDocument == 0 ? "all" : Figures.Count(index.Sparse.TopTermsPerDocument));
        AddRow(grid, "Smallest weight kept", index.Sparse.MinWeight == 0 ? "any" : index.Sparse.MinWeight.ToString(CultureInfo.InvariantCulture));
        AddRow(grid, "Terms searched a query", index.Sparse.TopTermsPerQuery == 0 ? "all" : Figures.Count(index.Sparse.TopTermsPerQuery));
        if (index.Fields is { } fields)
        {
            AddRow(grid, "Fields", string.Join(", ", fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key} {field.Value}")));
        }

        if (index.Dense is { } dense)
        {
            AddRow(
                grid,
                "Dense vectors",
                string.Create(CultureInfo.InvariantCulture, $"{dense.Dimensions} x {dense.Precision}, {dense.Similarity}{(dense.Encoder is null ? "" : $", of {dense.Encoder}")}"));
        }

        AddRow(grid, "Generation", Figures.Count(index.Generation));
        AddRow(grid, "Created", Moment(index.CreatedAt));
        terminal.Console.Write(grid);
    }

    /// <summary>The sums, and each shard.</summary>
    public static void WriteStatistics(Terminal terminal, string name, IndexStatistics statistics)
    {
        Grid grid = NewGrid();
        AddRow(grid, "Index", name);
        AddRow(grid, "Documents", Figures.Count(statistics.Documents));
        AddRow(grid, "Deleted, not yet dropped", Figures.Count(statistics.DeletedDocuments));
        AddRow(grid, "Postings", Figures.Count(statistics.Postings));
        AddRow(grid, "Dense vectors", Figures.Count(statistics.Vectors));
        AddRow(grid, "Terms a document", statistics.AverageLength.ToString("F1", CultureInfo.InvariantCulture));
        AddRow(grid, "Stored", Figures.Bytes(statistics.StoredBytes));
        terminal.Console.Write(grid);
        terminal.Console.WriteLine();

        Table table = NewTable(
            ("Shard", true), ("Silo", false), ("Epoch", true), ("Documents", true), ("Deleted", true), ("Postings", true), ("Segments", true), ("Segment bytes", true), ("Log bytes", true));
        foreach (ShardStatistics shard in statistics.Shards)
        {
            AddRow(
                table,
                Figures.Count(shard.Ordinal),
                shard.Silo,
                Figures.Count(shard.Epoch),
                Figures.Count(shard.Documents),
                Figures.Count(shard.DeletedDocuments),
                Figures.Count(shard.Postings),
                Figures.Count(shard.Segments),
                Figures.Bytes(shard.SegmentBytes),
                Figures.Bytes(shard.LogBytes));
        }

        terminal.Console.Write(table);
    }

    /// <summary>All snapshots of an index, a line each.</summary>
    public static void WriteSnapshots(Terminal terminal, IReadOnlyList<SnapshotDescription> snapshots)
    {
        Table table = NewTable(("Snapshot", false), ("Created", false), ("Shards", true), ("Files", true), ("Bytes", true), ("Added", true), ("Damage", false));
        foreach (SnapshotDescription snapshot in snapshots)
        {
            AddRow(
                table,
                snapshot.Name,
                snapshot.CreatedAt is { } moment ? Moment(moment) : "-",
                Figures.Count(snapshot.Shards),
                Figures.Count(snapshot.Files),
                Figures.Bytes(snapshot.Bytes),
                Figures.Bytes(snapshot.AddedBytes),
                snapshot.Damage ?? "");
        }

        terminal.Console.Write(table);
    }

    /// <summary>A table without frame whose columns are left- or right-aligned.</summary>
    public static Table NewTable(params ReadOnlySpan<(string Title, bool IsNumber)> columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach ((string title, bool isNumber) in columns)
        {
            TableColumn column = new(Markup.Escape(title)) { NoWrap = isNumber };
            table.AddColumn(isNumber ? column.RightAligned() : column.LeftAligned());
        }

        return table;
    }

    /// <summary>Adds cells of plain text.</summary>
    public static void AddRow(Table table, params string[] cells) =>
        table.AddRow([.. cells.Select(cell => new Text(cell))]);

    /// <summary>Two columns: what, and its value.</summary>
    public static Grid NewGrid() => new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();

    /// <summary>Adds a property.</summary>
    public static void AddRow(Grid grid, string name, string value) => grid.AddRow(new Text(name), new Text(value));

    private static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
