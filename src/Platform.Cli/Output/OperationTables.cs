using System.Globalization;
using Platform.Client.Contracts;
using Spectre.Console;

namespace Platform.Cli.Output;

/// <summary>Shards and operations as tables.</summary>
internal static class OperationTables
{
    /// <summary>The shard map, a line a shard.</summary>
    public static void WriteShards(Terminal terminal, ShardList shards)
    {
        Table table = IndexTables.NewTable(
            ("Shard", true), ("Buckets", true), ("State", false), ("Silo", false), ("Documents", true), ("Bytes", true), ("Reads", true));
        foreach (ShardPlace shard in shards.Shards)
        {
            IndexTables.AddRow(
                table,
                Figures.Count(shard.Ordinal),
                string.Create(CultureInfo.InvariantCulture, $"{shard.FirstBucket}-{shard.LastBucket}"),
                shard.State,
                shard.Silo ?? "-",
                Figures.Count(shard.Documents),
                Figures.Bytes(shard.Bytes),
                Figures.Rate(shard.ReadsPerSecond));
        }

        terminal.Console.Write(table);
        terminal.Print($"Map version {shards.Version}; {Figures.Count(shards.Retired.Count, "replaced shard")} still with files.");
    }

    /// <summary>Operations, a line each.</summary>
    public static void WriteList(Terminal terminal, IReadOnlyList<OperationDescription> operations)
    {
        Table table = IndexTables.NewTable(("Operation", false), ("State", false), ("Step", false), ("Done", true), ("Longest pause", true), ("Message", false));
        foreach (OperationDescription operation in operations)
        {
            IndexTables.AddRow(
                table,
                operation.Id,
                operation.State,
                operation.Step,
                operation.Snapshot is null
                    ? string.Create(CultureInfo.InvariantCulture, $"{operation.Done}/{operation.Changes.Count}")
                    : string.Create(CultureInfo.InvariantCulture, $"{operation.Files}/{operation.TotalFiles}"),
                Figures.Milliseconds(operation.LongestPauseMilliseconds),
                operation.Message ?? "");
        }

        terminal.Console.Write(table);
    }

    /// <summary>One operation in a few lines.</summary>
    public static void WriteOne(Terminal terminal, OperationDescription operation)
    {
        foreach (OperationChange change in operation.Changes)
        {
            terminal.Print(change.Silo is { } silo
                ? $"Shard {change.Sources[0]} to {silo}"
                : $"{Named(change.Sources)} into {Named(change.Targets)}");
        }

        string what = operation.Snapshot is { } snapshot ? $"{operation.Kind} of '{snapshot}'{(operation.Target is { } target ? $" as index '{target}'" : "")}: {operation.State}{(operation.TotalFiles > 0 ? $", {CopiedOf(operation)}" : "")}"
            : operation.Changes.Count == 0 ? "Nothing to do: all is balanced" : $"{operation.Kind} {operation.Id}".TrimEnd() + $": {operation.State}";
        string pause = operation.LongestPauseMilliseconds > 0 ? $"; writes waited at most {Figures.Milliseconds(operation.LongestPauseMilliseconds)}" : "";
        terminal.Print($"{what}{pause}{(operation.Message is { } message ? $". {message}" : ".")}");
    }

    /// <summary>What a running operation does, in a line.</summary>
    public static string ProgressOf(OperationDescription operation) => operation.Snapshot is null
        ? $"{operation.Done} of {Figures.Count(operation.Changes.Count, "change")} done, {operation.Step}"
        : operation.TotalFiles == 0 ? operation.Step : $"{operation.Step}, {CopiedOf(operation)}";

    private static string CopiedOf(OperationDescription operation) =>
        $"{Figures.Bytes(operation.Bytes)} in {operation.Files} of {Figures.Count(operation.TotalFiles, "file")}";

    private static string Named(IReadOnlyList<int> shards) => $"{(shards.Count == 1 ? "shard" : "shards")} {string.Join(", ", shards)}";
}
