using System.Text.Json;

namespace Platform.Encoders.Llama;

/// <summary>The shape of a Llama model, as its <c>config.json</c> states it (Hugging Face layout).</summary>
/// <remarks>Only what this room computes is accepted: SiLU, no biases, RoPE unscaled or with the llama3 rule.</remarks>
public sealed record LlamaConfig
{
    /// <summary>The file in a model's folder.</summary>
    public const string FileName = "config.json";

    private const int MaxFileBytes = 1 << 20;

    /// <summary>Width of the residual stream.</summary>
    public required int Hidden { get; init; }

    /// <summary>Width inside the SwiGLU block.</summary>
    public required int Intermediate { get; init; }

    /// <summary>Transformer layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key-value heads; <see cref="Heads"/> is a multiple of it.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head; even.</summary>
    public required int HeadDimension { get; init; }

    /// <summary>Terms of the vocabulary.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Positions the model was made for; a text may have no more tokens.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Added to the mean square in RMSNorm.</summary>
    public required float NormEpsilon { get; init; }

    /// <summary>Base of the RoPE frequencies.</summary>
    public required double RopeTheta { get; init; }

    /// <summary>The llama3 rule for long contexts; null for plain RoPE.</summary>
    public RopeScaling? Scaling { get; init; }

    /// <summary>Whether the output head is the embedding matrix.</summary>
    public required bool TiedHead { get; init; }

    /// <summary>Parameters of the whole model, a tied head counted once.</summary>
    public long ParameterCount
    {
        get
        {
            long attention = (2L * Heads + 2L * KeyValueHeads) * HeadDimension * Hidden;
            long feedForward = 3L * Hidden * Intermediate;
            long head = TiedHead ? 0 : (long)Vocabulary * Hidden;
            return ((long)Vocabulary * Hidden) + (Layers * (attention + feedForward + (2L * Hidden))) + Hidden + head;
        }
    }

    /// <summary>Reads the configuration of a model's folder.</summary>
    /// <exception cref="LlamaConfigException">It is missing, not readable, or of a model that this room doesn't compute; all faults are told.</exception>
    public static LlamaConfig Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > MaxFileBytes)
            {
                throw new LlamaConfigException(path, [$"it has {file.Length} bytes; the limit is {MaxFileBytes}"]);
            }

            using var document = JsonDocument.Parse(file, new JsonDocumentOptions { MaxDepth = 16 });
            return new LlamaConfigReader(path, document.RootElement).Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new LlamaConfigException(path, [e.Message], e);
        }
    }

    /// <summary>The tensors that a checkpoint must have, by Hugging Face's names, with their shapes.</summary>
    public IReadOnlyDictionary<string, long[]> TensorShapes()
    {
        long query = (long)Heads * HeadDimension;
        long keyValue = (long)KeyValueHeads * HeadDimension;
        Dictionary<string, long[]> shapes = new() { [LlamaNames.Embedding] = [Vocabulary, Hidden], [LlamaNames.FinalNorm] = [Hidden] };
        for (int layer = 0; layer < Layers; layer++)
        {
            shapes[LlamaNames.Norm(layer, "input_layernorm")] = [Hidden];
            shapes[LlamaNames.Norm(layer, "post_attention_layernorm")] = [Hidden];
            shapes[LlamaNames.Weight(layer, "q_proj")] = [query, Hidden];
            shapes[LlamaNames.Weight(layer, "k_proj")] = [keyValue, Hidden];
            shapes[LlamaNames.Weight(layer, "v_proj")] = [keyValue, Hidden];
            shapes[LlamaNames.Weight(layer, "o_proj")] = [Hidden, query];
            shapes[LlamaNames.Weight(layer, "gate_proj")] = [Intermediate, Hidden];
            shapes[LlamaNames.Weight(layer, "up_proj")] = [Intermediate, Hidden];
            shapes[LlamaNames.Weight(layer, "down_proj")] = [Hidden, Intermediate];
        }

        if (!TiedHead)
        {
            shapes[LlamaNames.Head] = [Vocabulary, Hidden];
        }

        return shapes;
    }
}

/// <summary>The llama3 rule: low RoPE frequencies are divided, middle ones blended, high ones kept.</summary>
/// <param name="Factor">What low frequencies are divided by; at least 1.</param>
/// <param name="LowFrequencyFactor">Wavelengths above original / this are divided.</param>
/// <param name="HighFrequencyFactor">Wavelengths below original / this are kept; greater than the low one.</param>
/// <param name="OriginalPositions">Positions of the first training stage.</param>
public sealed record RopeScaling(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalPositions);
