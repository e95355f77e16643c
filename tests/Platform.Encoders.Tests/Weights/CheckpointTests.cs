using Platform.Encoders.Tests.Fakes;
using Platform.Encoders.Weights;
using Platform.Testing;

namespace Platform.Encoders.Tests.Weights;

public sealed class CheckpointTests
{
    [Fact]
    public void A_single_file_gives_each_tensor_its_type_shape_and_place()
    {
        using var folder = new TemporaryFolder();
        const string Header = """
            {"__metadata__":{"format":"pt"},
             "half":{"dtype":"BF16","shape":[2,3],"data_offsets":[4,16]},
             "scalar":{"dtype":"F32","shape":[],"data_offsets":[0,4]},
             "none":{"dtype":"F16","shape":[0,7],"data_offsets":[16,16]}}
            """;
        string path = folder.Write(Checkpoint.SingleFile, RawSafetensors.Of(Header, 16));

        Checkpoint checkpoint = Checkpoint.Open(folder.Path);

        Assert.Equal([path], checkpoint.Files);
        Assert.Equal(["half", "none", "scalar"], checkpoint.Tensors.Keys.Order(StringComparer.Ordinal));
        TensorEntry half = checkpoint.Tensors["half"];
        Assert.Equal((ElementType.BF16, "[2, 3]", 6, 12), (half.ElementType, half.ShapeText, half.ElementCount, half.ByteLength));
        Assert.Equal(8 + Header.Length + 4, half.FileOffset);
        Assert.Equal(path, half.FilePath);
        byte[] bytes = new byte[12];
        half.Read(bytes);
        Assert.Equal([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], bytes);
        Assert.Equal(1, checkpoint.Tensors["scalar"].ElementCount);
        Assert.Equal(0, checkpoint.Tensors["none"].ElementCount);
    }

    [Fact]
    public void Shards_make_one_checkpoint()
    {
        using var folder = new TemporaryFolder();
        folder.Write("model-00001-of-00002.safetensors", RawSafetensors.Vectors(("a", 2), ("b", 1)));
        folder.Write("model-00002-of-00002.safetensors", RawSafetensors.Vectors(("c", 4)));
        WriteIndex(folder, ("a", "model-00001-of-00002.safetensors"), ("b", "model-00001-of-00002.safetensors"), ("c", "model-00002-of-00002.safetensors"));

        Checkpoint checkpoint = Checkpoint.Open(folder.Path);

        Assert.Equal(2, checkpoint.Files.Count);
        Assert.Equal([("a", 2L), ("b", 1L), ("c", 4L)], checkpoint.Tensors.Values.Select(tensor => (tensor.Name, tensor.ElementCount)).Order());
        Assert.EndsWith("model-00002-of-00002.safetensors", checkpoint.Tensors["c"].FilePath, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_difference_between_index_and_shards_is_told_at_once()
    {
        using var folder = new TemporaryFolder();
        folder.Write("one.safetensors", RawSafetensors.Vectors(("a", 2), ("extra", 1)));
        folder.Write("two.safetensors", RawSafetensors.Vectors(("a", 2)));
        WriteIndex(folder, ("a", "one.safetensors"), ("missing", "two.safetensors"));

        var refusal = Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path));

        Assert.Equal(3, refusal.Faults.Count);
        Assert.Contains("'extra' lies in 'one.safetensors' but not in the index", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'a' lies in 'two.safetensors'; the index says 'one.safetensors'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'missing' is missing from 'two.safetensors'", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside.safetensors")]
    [InlineData("/etc/passwd.safetensors")]
    [InlineData("sub/model.safetensors")]
    [InlineData("sub\\\\model.safetensors")]
    [InlineData(".hidden.safetensors")]
    [InlineData("model.bin")]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a\\u0000b.safetensors")]
    public void A_shard_outside_the_folder_is_refused(string shard)
    {
        using var folder = new TemporaryFolder();
        folder.Write(Checkpoint.IndexFile, $$$"""{"weight_map":{"a":"{{{shard}}}"}}""");

        var refusal = Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path));

        Assert.Contains("must be the plain name of a .safetensors file", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "has no object weight_map")]
    [InlineData("{}", "has no object weight_map")]
    [InlineData("""{"weight_map":1}""", "has no object weight_map")]
    [InlineData("""{"weight_map":{"a":1}}""", "must be the plain name")]
    [InlineData("""{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}""", "can't be read")]
    [InlineData("""{"weight_map":{"a":"x.safetensors"}}""", "names shards that are not here")]
    [InlineData("""{"weight_map":{"a":[[[[[[[[[[[[]]]]]]]]]]]]}}""", "can't be read")]
    [InlineData("""{"weight_map":""", "can't be read")]
    public void An_unsound_index_is_refused(string content, string fault)
    {
        using var folder = new TemporaryFolder();
        folder.Write(Checkpoint.IndexFile, content);

        Assert.Contains(fault, Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_weights_or_with_two_kinds_is_refused_with_what_to_do()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("must be converted to safetensors", Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path)).Message, StringComparison.Ordinal);

        folder.Write(Checkpoint.SingleFile, RawSafetensors.Vectors(("a", 1)));
        folder.Write(Checkpoint.IndexFile, "{}");
        Assert.Contains("Remove the one", Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [TestDataFact]
    public void The_real_checkpoint_has_47_tensors_and_its_260032_parameters()
    {
        Checkpoint checkpoint = Checkpoint.Open(TestData.PathOf("models", "stories260K"));

        Assert.Equal(47, checkpoint.Tensors.Count);
        Assert.Equal(260_032, checkpoint.Tensors.Values.Sum(tensor => tensor.ElementCount));
        Assert.Equal("[32, 64]", checkpoint.Tensors["model.layers.0.self_attn.k_proj.weight"].ShapeText);
    }

    private static void WriteIndex(TemporaryFolder folder, params (string Tensor, string Shard)[] places) => folder.Write(
        Checkpoint.IndexFile,
        $$$"""{"metadata":{"total_size":28},"weight_map":{{{{string.Join(',', places.Select(place => $"\"{place.Tensor}\":\"{place.Shard}\""))}}}}}""");
}
