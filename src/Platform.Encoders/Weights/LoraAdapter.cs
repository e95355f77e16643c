using System.Text.Json;

namespace Platform.Encoders.Weights;

/// <summary>A LoRA adapter as PEFT saves it: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>. Hu et al. 2021, arXiv:2106.09685.</summary>
/// <remarks>Plain LoRA on linear layers. Variants that change the arithmetic (DoRA, trained biases, whole modules saved) are refused by name.</remarks>
public sealed class LoraAdapter
{
    /// <summary>The configuration's file name.</summary>
    public const string ConfigFile = "adapter_config.json";

    /// <summary>The weights' file name.</summary>
    public const string WeightsFile = "adapter_model.safetensors";

    /// <summary>PEFT's word for every linear layer except the output head.</summary>
    public const string AllLinear = "all-linear";

    private const int MaxConfigBytes = 1 << 20;
    private const int MaxRank = 4096;
    private const string UsePlain = "Merge the adapter into its base with the tool that made it, and import the result.";

    private LoraAdapter(string directory, LoraSettings settings, IReadOnlyDictionary<string, TensorEntry> tensors)
    {
        Directory = directory;
        Settings = settings;
        Tensors = tensors;
    }

    /// <summary>The folder, as a full path.</summary>
    public string Directory { get; }

    /// <summary>Rank, scale and targets.</summary>
    public LoraSettings Settings { get; }

    /// <summary>The adapter's tensors under PEFT's names.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Opens the adapter of a folder; null if it holds none.</summary>
    /// <exception cref="CheckpointException">It is damaged, or a variant that is not supported.</exception>
    public static LoraAdapter? Find(string directory)
    {
        directory = Path.GetFullPath(directory);
        string config = Path.Combine(directory, ConfigFile);
        if (!File.Exists(config))
        {
            return null;
        }

        LoraSettings settings = ReadSettings(config);
        SafetensorsFile weights = SafetensorsFile.Open(Path.Combine(directory, WeightsFile));
        return new LoraAdapter(directory, settings, weights.Tensors.ToDictionary(tensor => tensor.Name));
    }

    private static LoraSettings ReadSettings(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            if (length > MaxConfigBytes)
            {
                throw CheckpointException.Of(path, $"has {length} bytes; the limit is {MaxConfigBytes}", "Fetch the adapter again.");
            }

            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            return Check(path, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw CheckpointException.Of(path, $"can't be read as an adapter's configuration: {e.Message.TrimEnd('.')}", "Fetch the adapter again.", e);
        }
    }

    private static LoraSettings Check(string path, JsonElement root)
    {
        List<string> faults = [];
        string? kind = root.TryGetProperty("peft_type", out JsonElement type) ? type.GetString() : null;
        if (kind != "LORA")
        {
            faults.Add($"peft_type is {ModelFileException.Quote(kind ?? "missing")}; LORA is read");
        }

        string[] switches = ["use_dora", "fan_in_fan_out", "lora_bias"];
        faults.AddRange(switches.Where(name => root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True).Select(name => $"{name} is true"));
        string[] mustBeEmpty = ["modules_to_save", "rank_pattern", "alpha_pattern", "layers_to_transform", "layer_replication", "target_parameters"];
        faults.AddRange(mustBeEmpty.Where(name => root.TryGetProperty(name, out JsonElement value) && !IsEmpty(value)).Select(name => $"{name} is not empty"));
        if (root.TryGetProperty("bias", out JsonElement bias) && bias.GetString() != "none")
        {
            faults.Add($"bias is {ModelFileException.Quote(bias.GetString() ?? "")}; none is read");
        }

        int rank = root.GetProperty("r").GetInt32();
        double alpha = root.GetProperty("lora_alpha").GetDouble();
        if (rank is < 1 or > MaxRank || !(alpha > 0 && alpha <= 1e6))
        {
            faults.Add($"r is {rank} and lora_alpha {alpha}; they must be 1 to {MaxRank}, and above 0 to 1000000");
        }

        JsonElement targets = root.GetProperty("target_modules");
        string[] modules = targets.ValueKind == JsonValueKind.Array ? [.. targets.EnumerateArray().Select(target => target.GetString() ?? "")]
            : targets.GetString() == AllLinear ? [AllLinear] : [];
        if (modules.Length == 0 || modules.Any(module => module.Length == 0))
        {
            faults.Add($"target_modules is a pattern or empty; a list of names or {AllLinear} is read");
        }

        bool isRankStabilised = root.TryGetProperty("use_rslora", out JsonElement stabilised) && stabilised.ValueKind == JsonValueKind.True;
        return faults.Count == 0
            ? new LoraSettings(rank, isRankStabilised ? alpha / Math.Sqrt(rank) : alpha / rank, modules)
            : throw CheckpointException.OfMany(path, "describes an adapter that is not supported", faults, UsePlain);
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };
}

/// <summary>What decides an adapter's arithmetic: W + Scale * B A.</summary>
/// <param name="Rank">Rows of A and columns of B.</param>
/// <param name="Scale">alpha / rank, or alpha / sqrt(rank) for rank-stabilised LoRA (Kalajdzievski 2023, arXiv:2312.03732).</param>
/// <param name="Targets">Module names, each the end of a full one, or <see cref="LoraAdapter.AllLinear"/>.</param>
public sealed record LoraSettings(int Rank, double Scale, IReadOnlyList<string> Targets);
