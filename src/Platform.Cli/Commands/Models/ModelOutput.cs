using System.Globalization;
using Platform.Cli.Output;
using Platform.Encoders.Llama;
using Platform.Encoders.Models;
using Spectre.Console;

namespace Platform.Cli.Commands.Models;

/// <summary>Models as tables and lines.</summary>
internal static class ModelOutput
{
    private const int HashDigits = 12;

    /// <summary>All versions, a line each.</summary>
    public static void WriteList(Terminal terminal, IReadOnlyList<StoredModel> models)
    {
        Table table = IndexTables.NewTable(("Model", false), ("Version", false), ("Size", true), ("Content", false), ("Source", false));
        foreach (StoredModel model in models)
        {
            IndexTables.AddRow(table, model.Manifest.Id, model.Manifest.Version, Figures.Bytes(model.Manifest.Bytes), model.Manifest.ContentHash[..HashDigits], model.Manifest.Source);
        }

        terminal.Console.Write(table);
    }

    /// <summary>What came into the store.</summary>
    public static void WriteImported(Terminal terminal, StoredModel model, bool json)
    {
        if (json)
        {
            JsonOutput.Write(terminal, ModelLine.Of(model), JsonOutput.Readable.ModelLine);
            return;
        }

        terminal.Print($"Model '{model.Manifest.Id}/{model.Manifest.Version}': {Figures.Count(model.Manifest.Files.Count, "file")}, {Figures.Bytes(model.Manifest.Bytes)}, in {model.Folder}.");
    }

    /// <summary>One model, a property a line.</summary>
    public static void WriteReport(Terminal terminal, ModelReport report)
    {
        Grid grid = IndexTables.NewGrid();
        IndexTables.AddRow(grid, "Folder", report.Folder);
        if (report.Id is not null)
        {
            IndexTables.AddRow(grid, "Model", $"{report.Id}/{report.Version} from {report.Source}");
            IndexTables.AddRow(grid, "Content", $"sha256 {report.ContentHash}");
        }

        LlamaConfig config = report.Config;
        IndexTables.AddRow(grid, "Parameters", $"{Figures.Count(report.Parameters)} in {Figures.Count(report.Tensors, "tensor")} of {string.Join(", ", report.ElementTypes)}, {Figures.Bytes(report.WeightBytes)}");
        IndexTables.AddRow(grid, "Layers", $"{config.Layers} of width {config.Hidden}, {config.Intermediate} inside");
        IndexTables.AddRow(grid, "Heads", $"{config.Heads} over {config.KeyValueHeads} key-value heads of width {config.HeadDimension}");
        IndexTables.AddRow(grid, "Vocabulary", $"{Figures.Count(config.Vocabulary)}, output head {(config.TiedHead ? "tied" : "of its own")}");
        IndexTables.AddRow(grid, "Positions", string.Create(CultureInfo.InvariantCulture, $"{config.MaxPositions:N0}, RoPE theta {config.RopeTheta}, {(config.Scaling is null ? "unscaled" : "llama3 scaling")}"));
        IndexTables.AddRow(grid, "Adapter", report.Adapter is { } adapter ? string.Create(CultureInfo.InvariantCulture, $"LoRA of rank {adapter.Rank}, scale {adapter.Scale}, on {adapter.Matrices} matrices") : "none");
        IndexTables.AddRow(grid, "Tokenizer", report.Tokenizer is { } tokenizer ? $"byte-level BPE, {Figures.Count(tokenizer.Tokens, "token")} and {Figures.Count(tokenizer.SpecialTokens)} special" : "none");
        IndexTables.AddRow(grid, "Contract", report.Contract is { } contract ? $"{contract.GetRawText()} sha256 {report.ContractHash}" : "none; import with --contract to give it one");
        terminal.Console.Write(grid);
    }
}
