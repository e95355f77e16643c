using System.Globalization;
using Platform.Encoders.Contract;
using Platform.Encoders.Models;
using Platform.Encoders.Weights;

namespace Platform.Silo.Tests;

/// <summary>A random Llama checkpoint of two layers whose tokens are bytes.</summary>
internal static class TinyModel
{
    private const int Hidden = 32;
    private const int Inner = 48;
    private const int Vocabulary = 258;
    private const int KeyValue = 16;

    /// <summary>Sparse, as Lion; token 256 begins each text.</summary>
    public static EncoderContract Contract { get; } = ContractPresets.LionSparse(Hidden) with { Bos = 256, MaxQueryTokens = 32, MaxPassageTokens = 64 };

    /// <summary>Writes the model and imports it into a store.</summary>
    public static async Task<StoredModel> ImportAsync(string storeDirectory, string id, string version, EncoderContract? contract = null)
    {
        DirectoryInfo source = Directory.CreateTempSubdirectory("platform-tiny-");
        try
        {
            await WriteAsync(source.FullName);
            return await new ModelStore(storeDirectory, TimeProvider.System)
                .ImportAsync(source.FullName, new ModelImport(id, version, contract ?? Contract, "test"), new Progress<long>(), CancellationToken.None);
        }
        finally
        {
            source.Delete(recursive: true);
        }
    }

    private static async Task WriteAsync(string folder)
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, "config.json"),
            $$"""
            { "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "hidden_size": {{Hidden}}, "intermediate_size": {{Inner}},
              "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "vocab_size": {{Vocabulary}},
              "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": true, "torch_dtype": "float32" }
            """);
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "tokenizer.model"),
            Enumerable.Range(0, 256).Select(b => string.Create(CultureInfo.InvariantCulture, $"{Convert.ToBase64String([(byte)b])} {b}")));
        var random = new Random(5);
        List<TensorContent> tensors = [Matrix(random, "model.embed_tokens.weight", Vocabulary, Hidden), Norm("model.norm.weight")];
        for (int layer = 0; layer < 2; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            tensors.Add(Norm(prefix + "input_layernorm.weight"));
            tensors.Add(Norm(prefix + "post_attention_layernorm.weight"));
            tensors.Add(Matrix(random, prefix + "self_attn.q_proj.weight", Hidden, Hidden));
            tensors.Add(Matrix(random, prefix + "self_attn.k_proj.weight", KeyValue, Hidden));
            tensors.Add(Matrix(random, prefix + "self_attn.v_proj.weight", KeyValue, Hidden));
            tensors.Add(Matrix(random, prefix + "self_attn.o_proj.weight", Hidden, Hidden));
            tensors.Add(Matrix(random, prefix + "mlp.gate_proj.weight", Inner, Hidden));
            tensors.Add(Matrix(random, prefix + "mlp.up_proj.weight", Inner, Hidden));
            tensors.Add(Matrix(random, prefix + "mlp.down_proj.weight", Hidden, Inner));
        }

        await SafetensorsWriter.WriteAsync(Path.Combine(folder, Checkpoint.SingleFile), tensors, metadata: null, CancellationToken.None);
    }

    private static TensorContent Matrix(Random random, string name, int rows, int columns) =>
        TensorContent.Of(name, [rows, columns], [.. Enumerable.Range(0, rows * columns).Select(_ => (float)((random.NextDouble() * 2) - 1))]);

    private static TensorContent Norm(string name) => TensorContent.Of(name, [Hidden], [.. Enumerable.Repeat(1f, Hidden)]);
}
