using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Encoders;
using Platform.Encoders.Contract;
using Platform.Encoders.Models;

namespace Platform.Silo.Tests.Grains;

/// <summary>Indexes whose text a model with a dense head encodes, alone or beside words or a sparse model.</summary>
public sealed class DenseModelIndexTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private const int Dimensions = 32;                            // the tiny model's hidden size

    private static readonly EncoderContract Dense = ContractPresets.LionDense() with { Bos = 256, MaxQueryTokens = 32, MaxPassageTokens = 64 };

    private static readonly string[] Texts =
        [.. Enumerable.Range(0, 60).Select(i => string.Join(' ', Enumerable.Range(0, 1 + (i % 9)).Select(word => $"{(i * 7919) + (word * 104729):x}")))];

    [Fact]
    public async Task A_text_finds_what_the_encoder_itself_ranks_first_whatever_the_shards()
    {
        StoredModel model = await TinyModel.ImportAsync(silo.ModelDirectory, "dense", "1", Dense);
        using LlamaTextEncoder encoder = LlamaTextEncoder.Open(model, new LlamaEncoderOptions { Deterministic = true });
        float[] query = encoder.EncodeDense([encoder.TokensOfQuery(Texts[17], default)], default)[0];
        (string Key, double Score)[] expected = [.. Texts
            .Select((text, i) => (Key: $"{i}", Score: Product(query, encoder.EncodeDense([encoder.TokensOfDocument(null, text, default)], default)[0])))
            .OrderByDescending(hit => hit.Score).Take(20)];
        List<(string, double)[]> answers = [];
        foreach (int shards in (int[])[1, 4])
        {
            IndexDefinition index = await silo.CreateAsync($"dense-{shards}", shards, encoder: "dense@1");
            Assert.Equal((Dimensions, "dense@1"), (index.Dense!.Dimensions, index.Dense.Encoder));
            Assert.All(await silo.IngestAsync($"dense-{shards}", Texts), outcome => Assert.Equal(ItemStatus.Created, outcome.Status));
            SearchAnswer answer = await silo.SearchAsync($"dense-{shards}", Texts[17], top: 20);
            Assert.Equal(expected.Select(hit => hit.Score), answer.Hits.Select(hit => hit.Score), (a, b) => Math.Abs(a - b) <= 1e-4);
            Assert.Equal(expected[0].Key, answer.Hits[0].DocumentKey);
            answers.Add([.. answer.Hits.Select(hit => (hit.DocumentKey, hit.Score))]);
        }

        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public async Task Words_or_a_sparse_model_stand_beside_a_dense_one_and_a_text_searches_by_each_and_by_both()
    {
        _ = await TinyModel.ImportAsync(silo.ModelDirectory, "dense", "2", Dense);
        _ = await TinyModel.ImportAsync(silo.ModelDirectory, "sparse", "2");
        foreach ((string encoder, SearchMode first) in (IEnumerable<(string, SearchMode)>)[("lexical", SearchMode.Lexical), ("sparse@2", SearchMode.Sparse)])
        {
            string index = $"both-{first}".ToLowerInvariant();
            await CreateAsync(index, encoder, new DenseDefinition { Dimensions = 0, Encoder = "dense@2" });
            _ = await silo.IngestAsync(index, Texts);
            SearchAnswer plain = await SearchAsync(index, SearchMode.Inferred);
            SearchAnswer named = await SearchAsync(index, first);
            SearchAnswer dense = await SearchAsync(index, SearchMode.Dense);
            SearchAnswer hybrid = await SearchAsync(index, SearchMode.Hybrid);
            Assert.Equal(named.Hits.Select(hit => hit.DocumentKey), plain.Hits.Select(hit => hit.DocumentKey));
            Assert.NotEqual(named.Hits.Select(hit => hit.Score), dense.Hits.Select(hit => hit.Score));
            Assert.All(hybrid.Hits, hit =>
            {
                Assert.Equal([first, SearchMode.Dense], hit.Legs!.Select(leg => leg.Leg));
                Assert.Equal(hit.Score, hit.Legs!.Sum(leg => leg.Rank == 0 ? 0 : 1.0 / (60 + leg.Rank)));
            });
            Assert.Contains(hybrid.Hits, hit => hit.DocumentKey == "3" && hit.Matches is { Length: > 0 });
        }
    }

    [Theory]
    [InlineData("lexical", 7, "dense@3", FaultKind.EncoderMismatch, "gives vectors of 32 components, and dense.dimensions is 7")]
    [InlineData("lexical", 0, "sparse@3", FaultKind.EncoderMismatch, "gives sparse vectors")]
    [InlineData("dense@3", 0, "other@3", FaultKind.Invalid, "an index has one dense vector a document")]
    [InlineData("sparse@3", 0, null, FaultKind.Invalid, "model 'sparse@3' gives no dense vectors")]
    [InlineData("lexical", 0, null, FaultKind.Invalid, "dense.dimensions is 0; it must be 1 to 4096")]
    public async Task Dense_vectors_that_do_not_go_with_their_model_are_refused(string encoder, int dimensions, string? denseEncoder, FaultKind kind, string message)
    {
        _ = await TinyModel.ImportAsync(silo.ModelDirectory, "dense", "3", Dense);
        _ = await TinyModel.ImportAsync(silo.ModelDirectory, "sparse", "3");
        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(
            () => CreateAsync("refused", encoder, new DenseDefinition { Dimensions = dimensions, Encoder = denseEncoder }));
        Assert.Equal(kind, fault.Kind);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    private static double Product(float[] a, float[] b) => a.Zip(b).Sum(pair => (double)pair.First * pair.Second);

    private async Task CreateAsync(string name, string encoder, DenseDefinition dense)
    {
        CallContext.ActFor("acme");
        await silo.Grains.GetGrain<ITenantGrain>("acme").CreateIndexAsync(
            new NewIndex { Name = name, Shards = 2, Encoder = encoder, K1 = 0.9, B = 0.4, SparseMaxWeight = 5, Dense = dense }, CancellationToken.None);
    }

    private async Task<SearchAnswer> SearchAsync(string index, SearchMode mode)
    {
        CallContext.ActFor("acme");
        var search = new SearchCall { Text = Texts[3], Mode = mode, Top = 10, Explain = true, Deadline = TimeSpan.FromSeconds(20) };
        return await silo.Grains.GetGrain<IQueryGrain>($"acme/{index}").SearchAsync(search, CancellationToken.None);
    }
}
