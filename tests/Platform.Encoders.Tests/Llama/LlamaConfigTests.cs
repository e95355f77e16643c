using System.Text;
using Platform.Encoders.Llama;

namespace Platform.Encoders.Tests.Llama;

public sealed class LlamaConfigTests
{
    [Theory]
    [InlineData("1B", 1_235_814_400)]
    [InlineData("3B", 3_212_749_824)]
    [InlineData("8B", 8_030_261_248)]
    public void The_published_models_have_exactly_their_parameters(string model, long parameters)
    {
        LlamaConfig config = PublishedModels.Config(model);
        Assert.Equal(parameters, config.ParameterCount);
        Assert.Equal(parameters, config.TensorShapes().Values.Sum(shape => shape.Aggregate(1L, (product, side) => product * side)));
    }

    [Theory]
    [InlineData("1B", 15, 3, 14)]
    [InlineData("3B", 29, 6, 29)]
    [InlineData("8B", 64, 0, 0)]
    public void The_llama3_rule_keeps_blends_and_divides_as_many_frequencies_as_published(string model, int kept, int blended, int divided)
    {
        LlamaConfig config = PublishedModels.Config(model);
        double[] plain = RotaryEmbedding.InverseFrequencies(config with { Scaling = null });
        double[] scaled = RotaryEmbedding.InverseFrequencies(config);
        double[] ratios = [.. plain.Zip(scaled, (before, after) => before / after)];
        Assert.Equal(kept, ratios.Count(ratio => ratio == 1));
        Assert.Equal(divided, ratios.Count(ratio => Math.Abs(ratio - 32) < 1e-9));
        Assert.Equal(blended, ratios.Length - kept - divided);
    }

    [Fact]
    public void All_faults_of_a_configuration_are_told_at_once()
    {
        var fault = Assert.Throws<LlamaConfigException>(() => Read("""
            {"model_type": "gpt2", "hidden_size": "wide", "num_attention_heads": 6, "num_key_value_heads": 4, "head_dim": 7, "intermediate_size": 1.5,
             "num_hidden_layers": 0, "vocab_size": 10, "max_position_embeddings": 8, "attention_bias": true, "rope_scaling": {"rope_type": "yarn"}}
            """));
        string[] words = ["model_type", "hidden_size", "multiple", "even", "intermediate_size", "num_hidden_layers", "attention_bias", "yarn"];
        Assert.All(words, word => Assert.Contains(fault.Faults, found => found.Contains(word, StringComparison.Ordinal)));
        Assert.Equal(words.Length, fault.Faults.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"model_type\": ")]
    [InlineData("{}")]
    public void What_is_no_configuration_is_refused(string json) => Assert.Throws<LlamaConfigException>(() => Read(json));

    [Fact]
    public void The_newer_form_of_RoPE_parameters_means_the_same()
    {
        const string Rest = "\"model_type\": \"llama\", \"hidden_size\": 8, \"num_attention_heads\": 2, \"intermediate_size\": 8, \"num_hidden_layers\": 1, \"vocab_size\": 9, \"max_position_embeddings\": 8";
        const string Scaling = "\"rope_type\": \"llama3\", \"factor\": 32, \"low_freq_factor\": 1, \"high_freq_factor\": 4, \"original_max_position_embeddings\": 8192";
        LlamaConfig older = Read($"{{{Rest}, \"rope_theta\": 500000, \"rope_scaling\": {{{Scaling}}}}}");
        LlamaConfig newer = Read($"{{{Rest}, \"rope_parameters\": {{\"rope_theta\": 500000, {Scaling}}}}}");
        Assert.Equal(older, newer);
        Assert.Equal(500000, older.RopeTheta);
    }

    private static LlamaConfig Read(string json)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("platform-config-");
        try
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, LlamaConfig.FileName), Encoding.UTF8.GetBytes(json));
            return LlamaConfig.Read(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

/// <summary>The shapes of the released models.</summary>
internal static class PublishedModels
{
    public static LlamaConfig Config(string model) => model switch
    {
        "1B" => Of(2048, 16, 32, 8, 64, 8192, tied: true),
        "3B" => Of(3072, 28, 24, 8, 128, 8192, tied: true),
        "8B" => Of(4096, 32, 32, 8, 128, 14336, tied: false),
        _ => throw new ArgumentOutOfRangeException(nameof(model)),
    };

    private static LlamaConfig Of(int hidden, int layers, int heads, int keyValueHeads, int width, int intermediate, bool tied) => new()
    {
        Hidden = hidden,
        Layers = layers,
        Heads = heads,
        KeyValueHeads = keyValueHeads,
        HeadDimension = width,
        Intermediate = intermediate,
        Vocabulary = 128_256,
        MaxPositions = 131_072,
        NormEpsilon = 1e-5f,
        RopeTheta = 500_000,
        Scaling = tied ? new RopeScaling(32, 1, 4, 8192) : null,
        TiedHead = tied,
    };
}
