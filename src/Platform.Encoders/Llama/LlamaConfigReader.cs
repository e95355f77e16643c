using System.Text.Json;

namespace Platform.Encoders.Llama;

/// <summary>Reads one <c>config.json</c>, gathers every fault, then throws them together.</summary>
internal sealed class LlamaConfigReader(string path, JsonElement root)
{
    private const int MaxHidden = 65_536;
    private const int MaxLayers = 1_024;
    private const int MaxVocabulary = 4_000_000;
    private const int MaxPositionCount = 16_777_216;

    private readonly List<string> _faults = [];

    public LlamaConfig Read()
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new LlamaConfigException(path, [$"it holds a JSON {root.ValueKind}, not an object"]);
        }

        Demand("model_type", "llama", required: true);
        Demand("hidden_act", "silu", required: false);
        DemandFalse("attention_bias");
        DemandFalse("mlp_bias");
        int hidden = Integer("hidden_size", 1, MaxHidden);
        int heads = Integer("num_attention_heads", 1, MaxHidden);
        int keyValueHeads = Integer("num_key_value_heads", 1, MaxHidden, heads);
        int headDimension = Integer("head_dim", 2, 1024, hidden / heads);
        if (heads % keyValueHeads != 0)
        {
            _faults.Add($"num_attention_heads is {heads}, not a multiple of num_key_value_heads, {keyValueHeads}");
        }

        if (headDimension % 2 != 0)
        {
            _faults.Add($"head_dim is {headDimension}; RoPE needs an even one");
        }

        var config = new LlamaConfig
        {
            Hidden = hidden,
            Intermediate = Integer("intermediate_size", 1, MaxHidden * 8),
            Layers = Integer("num_hidden_layers", 1, MaxLayers),
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadDimension = headDimension,
            Vocabulary = Integer("vocab_size", 1, MaxVocabulary),
            MaxPositions = Integer("max_position_embeddings", 1, MaxPositionCount),
            NormEpsilon = (float)Number(root, "rms_norm_eps", 0, 1, 1e-6),
            RopeTheta = Number(RopeParameters() ?? root, "rope_theta", 1, 1e12, Number(root, "rope_theta", 1, 1e12, 10_000)),
            Scaling = Scaling(),
            TiedHead = root.TryGetProperty("tie_word_embeddings", out JsonElement tied) && tied.ValueKind == JsonValueKind.True,
        };
        return _faults.Count == 0 ? config : throw new LlamaConfigException(path, _faults);
    }

    // transformers 5 writes rope_parameters, which hold rope_theta too; earlier ones rope_scaling beside rope_theta
    private JsonElement? RopeParameters() => Object("rope_parameters") ?? Object("rope_scaling");

    private RopeScaling? Scaling()
    {
        if (RopeParameters() is not JsonElement scaling)
        {
            return null;
        }

        string? type = Text(scaling, "rope_type") ?? Text(scaling, "type");
        if (type is "default")
        {
            return null;
        }

        if (type is not "llama3")
        {
            _faults.Add($"its rope_type is {type ?? "missing"}; known are default and llama3");
            return null;
        }

        double low = Number(scaling, "low_freq_factor", 0.001, 1e6, null);
        double high = Number(scaling, "high_freq_factor", 0.001, 1e6, null);
        if (low >= high)
        {
            _faults.Add($"low_freq_factor is {low}, not below high_freq_factor, {high}");
        }

        return new RopeScaling(
            Number(scaling, "factor", 1, 1e6, null), low, high, (int)Number(scaling, "original_max_position_embeddings", 1, MaxPositionCount, null));
    }

    private void Demand(string name, string value, bool required)
    {
        string? found = Text(root, name);
        if (found is null ? required : found != value)
        {
            _faults.Add($"{name} is {found ?? "missing"}; it must be {value}");
        }
    }

    private void DemandFalse(string name)
    {
        if (root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True)
        {
            _faults.Add($"{name} is true; models with biases are not computed");
        }
    }

    private int Integer(string name, int least, int most, int? missing = null) => (int)Number(root, name, least, most, missing, whole: true);

    private double Number(JsonElement element, string name, double least, double most, double? missing, bool whole = false)
    {
        if (!element.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            if (missing is null)
            {
                _faults.Add($"{name} is missing");
            }

            return missing ?? least;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || !(number >= least && number <= most) || (whole && number != Math.Floor(number)))
        {
            string shown = value.GetRawText();
            _faults.Add($"{name} is {(shown.Length > 40 ? shown[..40] : shown)}; it must be a {(whole ? "whole " : "")}number from {least} to {most}");
            return least;
        }

        return number;
    }

    private JsonElement? Object(string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
