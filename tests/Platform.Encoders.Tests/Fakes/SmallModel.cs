using System.Text;
using Platform.Encoders.Llama;

namespace Platform.Encoders.Tests.Fakes;

/// <summary>A configuration and weights that fit each other: one layer of width 16, 2,000 terms.</summary>
internal static class SmallModel
{
    public const string Config =
        """
        { "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "hidden_size": 16, "intermediate_size": 24,
          "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8, "vocab_size": 2000,
          "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": true, "torch_dtype": "float32" }
        """;

    /// <summary>The weights' file, its tensors changed as a test wants.</summary>
    public static byte[] Weights(Action<Dictionary<string, long[]>>? change = null)
    {
        using var folder = new TemporaryFolder();
        folder.Write(LlamaConfig.FileName, Config);
        Dictionary<string, long[]> shapes = LlamaConfig.Read(folder.Path).TensorShapes().ToDictionary();
        change?.Invoke(shapes);
        return RawSafetensors.Tensors([.. shapes.Select(shape => (shape.Key, shape.Value))]);
    }

    public static byte[] ConfigBytes => Encoding.UTF8.GetBytes(Config);
}
