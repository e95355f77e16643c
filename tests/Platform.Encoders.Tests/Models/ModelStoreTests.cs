using Platform.Encoders.Contract;
using Platform.Encoders.Llama;
using Platform.Encoders.Models;
using Platform.Encoders.Tests.Fakes;
using Platform.Encoders.Weights;

namespace Platform.Encoders.Tests.Models;

public sealed class ModelStoreTests : IDisposable
{
    private static readonly IProgress<long> Nobody = new Progress<long>();

    private readonly TemporaryFolder _source = new();
    private readonly TemporaryFolder _store = new();

    public ModelStoreTests()
    {
        _source.Write(Checkpoint.SingleFile, SmallModel.Weights());
        _source.Write("config.json", SmallModel.Config);
        _source.Write("README.md", "not of the model");
        _source.Write("sub/model.safetensors", "not of the model either");
    }

    private ModelStore Store => new(_store.Path, TimeProvider.System);

    [Fact]
    public async Task An_imported_model_is_listed_found_and_equal_to_its_manifest()
    {
        StoredModel imported = await ImportAsync("tiny", "v1");

        Assert.Equal(["config.json", Checkpoint.SingleFile], imported.Manifest.Files.Select(file => file.Name));
        StoredModel listed = Assert.Single(Store.List());
        Assert.Equal(imported.Folder, listed.Folder);
        Assert.Equal(imported.Manifest.ContentHash, listed.Manifest.ContentHash);
        Assert.Equal(imported.Folder, Store.Resolve("tiny"));
        Assert.Equal(imported.Folder, Store.Resolve("tiny/v1"));
        Assert.Empty(await ModelStore.CompareAsync(imported.Folder, imported.Manifest, Nobody, CancellationToken.None));
    }

    [Fact]
    public async Task The_version_of_equal_content_is_equal_and_importing_it_again_changes_nothing()
    {
        StoredModel first = await ImportAsync("tiny", version: null);
        StoredModel second = await ImportAsync("tiny", version: null);

        Assert.Equal(12, first.Manifest.Version.Length);
        Assert.Equal(first.Manifest.Version, second.Manifest.Version);
        Assert.Equal(first.Manifest.ImportedAt, second.Manifest.ImportedAt);
        Assert.Single(Store.List());
    }

    [Fact]
    public async Task A_version_never_changes_its_content()
    {
        await ImportAsync("tiny", "v1");
        _source.Write("config.json", SmallModel.Config + "\n");

        var refusal = await Assert.ThrowsAsync<ModelStoreException>(() => ImportAsync("tiny", "v1"));

        Assert.Contains("is in the store with other content", refusal.Message, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(_store.Path));
    }

    [Fact]
    public async Task A_given_contract_takes_the_place_of_the_folders()
    {
        _source.Write(ContractFile.Name, ContractFile.ToReadableJson(ContractPresets.LionDense()));

        StoredModel kept = await ImportAsync("tiny", "kept");
        StoredModel changed = await ImportAsync("tiny", "changed", ContractPresets.Laconic(64));

        Assert.Equal(ContractPresets.LionDense(), ContractFile.Read(Path.Combine(kept.Folder, ContractFile.Name)));
        Assert.Equal(ContractPresets.Laconic(64), ContractFile.Read(Path.Combine(changed.Folder, ContractFile.Name)));
        Assert.Contains("has 2 versions: changed, kept", Assert.Throws<ModelStoreException>(() => Store.Resolve("tiny")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_change_of_a_stored_file_is_told()
    {
        StoredModel model = await ImportAsync("tiny", "v1");
        await File.AppendAllTextAsync(Path.Combine(model.Folder, "config.json"), " ");
        File.Delete(Path.Combine(model.Folder, Checkpoint.SingleFile));
        await File.WriteAllTextAsync(Path.Combine(model.Folder, "tokenizer.json"), "{}");

        IReadOnlyList<string> faults = await ModelStore.CompareAsync(model.Folder, model.Manifest, Nobody, CancellationToken.None);

        Assert.Equal(3, faults.Count);
        Assert.StartsWith($"config.json has {SmallModel.Config.Length + 1} bytes and SHA-256 ", faults[0], StringComparison.Ordinal);
        Assert.Equal([$"{Checkpoint.SingleFile} is missing", "tokenizer.json is not in the manifest"], faults.Skip(1));
    }

    [Theory]
    [InlineData("../out", "v1")]
    [InlineData("a/b", "v1")]
    [InlineData(".hidden", "v1")]
    [InlineData("", "v1")]
    [InlineData("tiny", "..")]
    [InlineData("tiny", "v 1")]
    public async Task A_name_that_could_leave_the_store_is_refused(string id, string version)
    {
        var refusal = await Assert.ThrowsAsync<ModelStoreException>(() => ImportAsync(id, version));

        Assert.Contains(ModelStore.NameRule, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Path));
    }

    [Fact]
    public async Task A_folder_that_holds_no_sound_model_leaves_nothing_in_the_store()
    {
        _source.Write(ContractFile.Name, "{}");
        await Assert.ThrowsAsync<ContractException>(() => ImportAsync("tiny", "v1"));
        _source.Write(Checkpoint.SingleFile, "pickle");
        await Assert.ThrowsAsync<CheckpointException>(() => ImportAsync("tiny", "v1"));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Path));
    }

    [Fact]
    public async Task Weights_that_do_not_fit_the_configuration_are_refused_with_every_missing_extra_and_wrongly_shaped_tensor()
    {
        _source.Write(Checkpoint.SingleFile, SmallModel.Weights(shapes =>
        {
            shapes.Remove("model.norm.weight");
            shapes["model.layers.0.self_attn.k_proj.weight"] = [8, 15];
            shapes["model.layers.1.mlp.up_proj.weight"] = [24, 16];
        }));

        var refusal = await Assert.ThrowsAsync<CheckpointException>(() => ImportAsync("tiny", "v1"));

        Assert.Equal(
            [
                "'model.layers.1.mlp.up_proj.weight' is not of this model",
                "model.layers.0.self_attn.k_proj.weight is [8, 15]; the configuration says [8, 16]",
                "model.norm.weight is missing",
            ],
            refusal.Faults.Order(StringComparer.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Path));
    }

    [Fact]
    public async Task A_folder_without_a_configuration_is_refused()
    {
        File.Delete(_source.PathOf("config.json"));

        await Assert.ThrowsAsync<LlamaConfigException>(() => ImportAsync("tiny", "v1"));
    }

    [Fact]
    public async Task An_adapter_of_another_folder_becomes_part_of_the_version()
    {
        using TemporaryFolder adapter = Adapter(rank: 2);

        StoredModel model = await ImportAsync("tiny", "adapted", adapter: adapter.Path);

        Assert.Equal([LoraAdapter.ConfigFile, LoraAdapter.WeightsFile, "config.json", Checkpoint.SingleFile], model.Manifest.Files.Select(file => file.Name));
        Assert.Contains($"with the adapter {adapter.Path}", model.Manifest.Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adapter_that_does_not_fit_and_a_folder_without_one_are_refused()
    {
        using TemporaryFolder adapter = Adapter(rank: 3);

        var refusal = await Assert.ThrowsAsync<CheckpointException>(() => ImportAsync("tiny", "v1", adapter: adapter.Path));
        var absence = await Assert.ThrowsAsync<ModelStoreException>(() => ImportAsync("tiny", "v1", adapter: _store.Path));

        Assert.Equal(2, refusal.Faults.Count);
        Assert.Contains("holds no LoRA adapter", absence.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Path));
    }

    [Fact]
    public async Task A_cancelled_import_leaves_nothing_in_the_store()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.ImportAsync(_source.Path, new ModelImport("tiny", "v1", null, null), Nobody, new CancellationToken(canceled: true)));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Path));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("""{"format":2,"id":"a","version":"b","source":"c","importedAt":"2026-01-01T00:00:00Z","files":[]}""")]
    [InlineData("""{"format":1,"id":"a","version":"b","source":"c","importedAt":"2026-01-01T00:00:00Z","files":[{"name":"../x","bytes":1,"sha256":""}]}""")]
    [InlineData("""{"format":1,"id":"a","version":"b","source":"c","importedAt":"2026-01-01T00:00:00Z","files":[],"more":1}""")]
    public async Task A_damaged_manifest_is_refused(string content)
    {
        StoredModel model = await ImportAsync("tiny", "v1");
        await File.WriteAllTextAsync(Path.Combine(model.Folder, ModelManifest.FileName), content);

        Assert.Throws<ModelStoreException>(Store.List);
    }

    [Fact]
    public void A_name_that_is_neither_model_nor_folder_is_refused_with_what_to_do() =>
        Assert.Contains("'platform model list'", Assert.Throws<ModelStoreException>(() => Store.Resolve("none")).Message, StringComparison.Ordinal);

    public void Dispose()
    {
        _source.Dispose();
        _store.Dispose();
    }

    /// <summary>An adapter of q_proj whose configuration says rank 2.</summary>
    private static TemporaryFolder Adapter(int rank)
    {
        var folder = new TemporaryFolder();
        folder.Write(LoraAdapter.ConfigFile, """{"peft_type":"LORA","r":2,"lora_alpha":4,"target_modules":["q_proj"],"bias":"none"}""");
        const string Module = "base_model.model.model.layers.0.self_attn.q_proj";
        folder.Write(LoraAdapter.WeightsFile, RawSafetensors.Tensors(($"{Module}.lora_A.weight", [rank, 16]), ($"{Module}.lora_B.weight", [16, rank])));
        return folder;
    }

    private Task<StoredModel> ImportAsync(string id, string? version, EncoderContract? contract = null, string? adapter = null) =>
        Store.ImportAsync(_source.Path, new ModelImport(id, version, contract, null, adapter), Nobody, CancellationToken.None);
}
