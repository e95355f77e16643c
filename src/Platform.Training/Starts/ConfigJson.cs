using System.Text.Json;
using Platform.Encoders.Llama;

namespace Platform.Training.Starts;

/// <summary>Writes a model's shape as the <c>config.json</c> of Hugging Face's layout.</summary>
internal static class ConfigJson
{
    /// <summary>The file's content, UTF-8; <see cref="LlamaConfig.Read"/> gives the same shape back.</summary>
    public static byte[] Write(LlamaConfig config)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartArray("architectures");
            json.WriteStringValue("LlamaForCausalLM");
            json.WriteEndArray();
            json.WriteString("model_type", "llama");
            json.WriteString("hidden_act", "silu");
            json.WriteNumber("hidden_size", config.Hidden);
            json.WriteNumber("intermediate_size", config.Intermediate);
            json.WriteNumber("num_hidden_layers", config.Layers);
            json.WriteNumber("num_attention_heads", config.Heads);
            json.WriteNumber("num_key_value_heads", config.KeyValueHeads);
            json.WriteNumber("head_dim", config.HeadDimension);
            json.WriteNumber("vocab_size", config.Vocabulary);
            json.WriteNumber("max_position_embeddings", config.MaxPositions);
            json.WriteNumber("rms_norm_eps", config.NormEpsilon);
            json.WriteNumber("rope_theta", config.RopeTheta);
            json.WriteBoolean("tie_word_embeddings", config.TiedHead);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
