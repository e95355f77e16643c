using Platform.Encoders.Contract;
using Platform.Encoders.Heads;
using Platform.Encoders.Models;
using Platform.Encoders.Tests.Fakes;

namespace Platform.Encoders.Tests.Models;

public sealed class ShippedModelsTests : IDisposable
{
    private const long MaxBytesTogether = 16_000_000;

    private static readonly IProgress<long> Nobody = new Progress<long>();

    private readonly TemporaryFolder _folder = new();

    private ModelStore Store => new(_folder.Path, TimeProvider.System, ShippedModels.Folder);

    [Fact]
    public async Task They_are_listed_in_an_empty_store_equal_to_their_manifests_and_small()
    {
        IReadOnlyList<StoredModel> shipped = Store.List();

        Assert.Equal([ShippedModels.Dense, ShippedModels.Sparse], shipped.Select(model => $"{model.Manifest.Id}@{model.Manifest.Version}"));
        Assert.True(shipped.Sum(model => model.Manifest.Bytes) <= MaxBytesTogether, "the shipped models have grown");
        foreach (StoredModel model in shipped)
        {
            Assert.Empty(await ModelStore.CompareAsync(model.Folder, model.Manifest, Nobody, CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_store_takes_no_other_model_under_a_shipped_name()
    {
        string source = Store.Resolve("nano-sparse");
        var changed = new ModelImport("nano-sparse", "1", ContractPresets.LionSparse(192), null);

        var refusal = await Assert.ThrowsAsync<ModelStoreException>(() => Store.ImportAsync(source, changed, Nobody, CancellationToken.None));
        StoredModel same = await Store.ImportAsync(source, changed with { Contract = null }, Nobody, CancellationToken.None);

        Assert.Contains("is in the store with other content", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(source, same.Folder);
    }

    [Fact]
    public void The_sparse_one_adds_terms_that_the_text_does_not_contain()
    {
        using ITextEncoder encoder = Open(ShippedModels.Sparse);

        SparseVector vector = encoder.EncodeSparse([encoder.TokensOfQuery("compute the SHA-256 hash of a stream", default)], areQueries: true, default)[0];

        string[] terms = [.. vector.TermIds.Select(encoder.TermText)];
        Assert.Contains(" hash", terms);
        Assert.Contains(" hashing", terms);
        Assert.InRange(terms.Length, 10, 200);
    }

    [Fact]
    public void The_dense_one_finds_a_text_nearer_that_says_the_same_in_other_words()
    {
        using ITextEncoder encoder = Open(ShippedModels.Dense);

        float[][] vectors = encoder.EncodeDense(
            [
                encoder.TokensOfQuery("remove all elements from the list", default),
                encoder.TokensOfDocument("List<T>.Clear()", "clear", default),
                encoder.TokensOfDocument("SHA256.HashData(Stream)", "hash data stream", default),
            ],
            default);

        Assert.True(Inner(vectors[0], vectors[1]) > Inner(vectors[0], vectors[2]));
    }

    public void Dispose() => _folder.Dispose();

    private static double Inner(float[] x, float[] y) => x.Zip(y, (a, b) => (double)a * b).Sum();

    private ITextEncoder Open(string name)
    {
        string[] parts = name.Split('@');
        return new StoredTextEncoders(Store, new LlamaEncoderOptions()).Open(parts[0], parts[1])!;
    }
}
