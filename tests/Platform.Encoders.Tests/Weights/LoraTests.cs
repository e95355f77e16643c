using Platform.Encoders.Tests.Fakes;
using Platform.Encoders.Weights;

namespace Platform.Encoders.Tests.Weights;

public sealed class LoraTests
{
    private const string Config = """{"peft_type":"LORA","r":2,"lora_alpha":4,"target_modules":["q_proj","down_proj"],"bias":"none","modules_to_save":null}""";
    private const string Q = "base_model.model.model.layers.0.self_attn.q_proj";
    private const string Down = "base_model.model.model.layers.0.mlp.down_proj";

    [Theory]
    [InlineData("base_model.model.model.", ".weight")]
    [InlineData("base_model.model.", ".default.weight")]
    public async Task An_adapter_finds_its_matrices_under_either_of_PEFTs_names(string prefix, string suffix)
    {
        using var folder = new TemporaryFolder();
        await WriteBaseAsync(folder);
        await WriteAdapterAsync(
            folder,
            Config,
            ($"{prefix}layers.0.self_attn.q_proj.lora_A{suffix}", [2, 4]), ($"{prefix}layers.0.self_attn.q_proj.lora_B{suffix}", [6, 2]),
            ($"{prefix}layers.0.mlp.down_proj.lora_A{suffix}", [2, 8]), ($"{prefix}layers.0.mlp.down_proj.lora_B{suffix}", [4, 2]));

        IReadOnlyDictionary<string, LoraUpdate> updates = LoraPlan.Create(LoraAdapter.Find(folder.Path)!, Checkpoint.Open(folder.Path).Tensors);

        Assert.Equal(["model.layers.0.mlp.down_proj.weight", "model.layers.0.self_attn.q_proj.weight"], updates.Keys.Order(StringComparer.Ordinal));
        LoraUpdate q = updates["model.layers.0.self_attn.q_proj.weight"];
        Assert.Equal(("[6, 4]", "[2, 4]", "[6, 2]", 2.0), (q.Base.ShapeText, q.Down.ShapeText, q.Up.ShapeText, q.Scale));
    }

    [Fact]
    public async Task Missing_extra_and_wrongly_shaped_tensors_are_told_in_one_error()
    {
        using var folder = new TemporaryFolder();
        await WriteBaseAsync(folder);
        await WriteAdapterAsync(
            folder,
            Config,
            ($"{Q}.lora_A.weight", [2, 5]), ($"{Q}.lora_B.weight", [6, 2]), ($"{Down}.lora_A.weight", [2, 8]),
            ("base_model.model.model.layers.7.self_attn.q_proj.lora_A.weight", [2, 4]),
            ("base_model.model.lm_head.lora_A.weight", [2, 4]),
            ("surprise", [1, 1]));

        var refusal = Assert.Throws<CheckpointException>(() => LoraPlan.Create(LoraAdapter.Find(folder.Path)!, Checkpoint.Open(folder.Path).Tensors));

        Assert.Equal(5, refusal.Faults.Count);
        Assert.Contains(refusal.Faults, fault => fault.Contains($"'{Q}.lora_A.weight' has shape [2, 5]; [2, 4] was due", StringComparison.Ordinal));
        Assert.Contains(refusal.Faults, fault => fault.Contains("lora_B of 'model.layers.0.mlp.down_proj.weight' is missing", StringComparison.Ordinal));
        Assert.Contains(refusal.Faults, fault => fault.Contains("the base has no such module", StringComparison.Ordinal));
        Assert.Contains(refusal.Faults, fault => fault.Contains("the configuration does not target it", StringComparison.Ordinal));
        Assert.Contains(refusal.Faults, fault => fault.Contains("'surprise' has no place", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_linear_targets_every_matrix_but_head_and_embeddings()
    {
        using var folder = new TemporaryFolder();
        await WriteBaseAsync(folder);
        await WriteAdapterAsync(folder, Config.Replace("""["q_proj","down_proj"]""", "\"all-linear\"", StringComparison.Ordinal), ($"{Q}.lora_A.weight", [2, 4]), ($"{Q}.lora_B.weight", [6, 2]));

        var refusal = Assert.Throws<CheckpointException>(() => LoraPlan.Create(LoraAdapter.Find(folder.Path)!, Checkpoint.Open(folder.Path).Tensors));

        Assert.Equal(2, refusal.Faults.Count);
        Assert.All(refusal.Faults, fault => Assert.Contains("down_proj", fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_adapter_that_targets_a_vector_is_refused()
    {
        using var folder = new TemporaryFolder();
        await WriteBaseAsync(folder);
        await WriteAdapterAsync(folder, Config.Replace("\"q_proj\"", "\"norm\"", StringComparison.Ordinal), ($"{Down}.lora_A.weight", [2, 8]), ($"{Down}.lora_B.weight", [4, 2]));

        var refusal = Assert.Throws<CheckpointException>(() => LoraPlan.Create(LoraAdapter.Find(folder.Path)!, Checkpoint.Open(folder.Path).Tensors));

        Assert.Equal("'model.norm.weight' is [4], not a matrix, so the adapter can't target it", Assert.Single(refusal.Faults));
    }

    [Theory]
    [InlineData("\"bias\":\"none\"", "\"bias\":\"all\"", "bias is 'all'")]
    [InlineData("\"LORA\"", "\"IA3\"", "peft_type is 'IA3'")]
    [InlineData("\"modules_to_save\":null", "\"modules_to_save\":[\"lm_head\"]", "modules_to_save is not empty")]
    [InlineData("\"modules_to_save\":null", "\"use_dora\":true", "use_dora is true")]
    [InlineData("\"modules_to_save\":null", "\"rank_pattern\":{\"q\":3}", "rank_pattern is not empty")]
    [InlineData("\"r\":2", "\"r\":0", "r is 0")]
    [InlineData("\"r\":2", "\"r\":\"2\"", "can't be read")]
    [InlineData("[\"q_proj\",\"down_proj\"]", "\".*q_proj\"", "target_modules is a pattern")]
    [InlineData("\"target_modules\"", "\"targets\"", "can't be read")]
    public async Task An_adapter_of_another_kind_is_refused_by_name(string part, string instead, string fault)
    {
        using var folder = new TemporaryFolder();
        await WriteAdapterAsync(folder, Config.Replace(part, instead, StringComparison.Ordinal), ($"{Q}.lora_A.weight", [2, 4]));

        Assert.Contains(fault, Assert.Throws<CheckpointException>(() => LoraAdapter.Find(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rank_stabilised_adapters_scale_by_the_root_of_the_rank()
    {
        using var folder = new TemporaryFolder();
        await WriteAdapterAsync(folder, Config.Replace("\"r\":2", "\"r\":16,\"use_rslora\":true", StringComparison.Ordinal), ($"{Q}.lora_A.weight", [16, 4]));

        Assert.Equal(1.0, LoraAdapter.Find(folder.Path)!.Settings.Scale);
    }

    private static Task WriteBaseAsync(TemporaryFolder folder) => WriteAsync(
        folder,
        Checkpoint.SingleFile,
        ("model.norm.weight", [4]), ("model.embed_tokens.weight", [9, 4]), ("lm_head.weight", [9, 4]), ("model.layers.0.input_layernorm.weight", [4, 1]),
        ("model.layers.0.self_attn.q_proj.weight", [6, 4]), ("model.layers.0.mlp.down_proj.weight", [4, 8]));

    private static async Task WriteAdapterAsync(TemporaryFolder folder, string config, params (string Name, long[] Shape)[] tensors)
    {
        folder.Write(LoraAdapter.ConfigFile, config);
        await WriteAsync(folder, LoraAdapter.WeightsFile, tensors);
    }

    private static Task WriteAsync(TemporaryFolder folder, string file, params (string Name, long[] Shape)[] tensors) => SafetensorsWriter.WriteAsync(
        folder.PathOf(file),
        [.. tensors.Select(tensor => TensorContent.Of(tensor.Name, [.. tensor.Shape], new float[tensor.Shape.Aggregate(1L, (product, dimension) => product * dimension)]))],
        metadata: null,
        CancellationToken.None);
}
