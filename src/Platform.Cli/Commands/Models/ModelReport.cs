using System.Text.Json;
using Platform.Encoders.Contract;
using Platform.Encoders.Llama;
using Platform.Encoders.Models;
using Platform.Encoders.Text;
using Platform.Encoders.Weights;

namespace Platform.Cli.Commands.Models;

/// <summary>What <c>model inspect</c> finds in a model's folder.</summary>
internal sealed record ModelReport
{
    public required string Folder { get; init; }

    public string? Id { get; init; }

    public string? Version { get; init; }

    public string? Source { get; init; }

    public string? ContentHash { get; init; }

    public required LlamaConfig Config { get; init; }

    public required long Parameters { get; init; }

    public required int Tensors { get; init; }

    /// <summary>The number formats of the weights, for example <c>BF16</c>.</summary>
    public required IReadOnlyList<string> ElementTypes { get; init; }

    public required long WeightBytes { get; init; }

    /// <summary>The adapter's rank and the number of matrices it changes.</summary>
    public AdapterReport? Adapter { get; init; }

    public TokenizerReport? Tokenizer { get; init; }

    public string? ContractHash { get; init; }

    public JsonElement? Contract { get; init; }

    /// <summary>Reads a folder; what is damaged is an error.</summary>
    public static ModelReport Of(string folder)
    {
        var config = LlamaConfig.Read(folder);
        var checkpoint = Checkpoint.Open(folder);
        ModelManifest? manifest = ModelManifest.Find(folder);
        string contractPath = Path.Combine(folder, ContractFile.Name);
        EncoderContract? contract = File.Exists(contractPath) ? ContractFile.Read(contractPath) : null;
        return new ModelReport
        {
            Folder = folder,
            Id = manifest?.Id,
            Version = manifest?.Version,
            Source = manifest?.Source,
            ContentHash = manifest?.ContentHash,
            Config = config,
            Parameters = config.ParameterCount,
            Tensors = checkpoint.Tensors.Count,
            ElementTypes = [.. checkpoint.Tensors.Values.Select(tensor => tensor.ElementType.ToString()).Distinct().Order(StringComparer.Ordinal)],
            WeightBytes = checkpoint.Tensors.Values.Sum(tensor => tensor.ByteLength),
            Adapter = LoraAdapter.Find(folder) is { } adapter
                ? new AdapterReport(adapter.Settings.Rank, adapter.Settings.Scale, LoraPlan.Create(adapter, checkpoint.Tensors).Count)
                : null,
            Tokenizer = TokenizerFiles.Find(folder) is { } vocabulary ? new TokenizerReport(vocabulary.OrdinaryCount, vocabulary.SpecialTokens.Count) : null,
            ContractHash = contract is null ? null : ContractFile.HashOf(contract),
            Contract = contract is null ? null : JsonElement.Parse(ContractFile.ToCanonicalJson(contract)),
        };
    }
}

/// <summary>An adapter in figures.</summary>
internal sealed record AdapterReport(int Rank, double Scale, int Matrices);

/// <summary>A tokenizer in figures.</summary>
internal sealed record TokenizerReport(int Tokens, int SpecialTokens);

/// <summary>What <c>model list --json</c> says.</summary>
internal sealed record ModelListReport(IReadOnlyList<ModelLine> Models);

/// <summary>A version of a model in a list.</summary>
internal sealed record ModelLine(string Id, string Version, long Bytes, string ContentHash, DateTimeOffset ImportedAt, string Source, string Folder)
{
    public static ModelLine Of(StoredModel model) => new(
        model.Manifest.Id, model.Manifest.Version, model.Manifest.Bytes, model.Manifest.ContentHash, model.Manifest.ImportedAt, model.Manifest.Source, model.Folder);
}

/// <summary>What <c>model verify --json</c> says.</summary>
internal sealed record ModelVerification(
    string Folder, bool Sound, bool ChecksumsCompared, IReadOnlyList<string> ChecksumFaults, int? Cases, int? NumbersCompared, double? LargestDifference, double? LargestLossDifference, int? NumbersOff)
{
    public static ModelVerification Of(string folder, bool isSound, IReadOnlyList<string>? faults, GoldenReport? golden) => new(
        folder, isSound, faults is not null, faults ?? [], golden?.Cases, golden?.Compared, Finite(golden?.Largest?.Size), Finite(golden?.LargestLoss?.Size), golden?.Faults.Count);

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
