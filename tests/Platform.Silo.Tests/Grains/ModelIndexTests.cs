using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Encoders;
using Platform.Encoders.Contract;
using Platform.Encoders.Heads;
using Platform.Encoders.Models;
using Platform.Indexing.Sparse;

namespace Platform.Silo.Tests.Grains;

/// <summary>Indexes whose text a model encodes.</summary>
public sealed class ModelIndexTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private const double MaxWeight = 5;

    private static readonly string[] Texts =
        [.. Enumerable.Range(0, 100).Select(i => string.Join(' ', Enumerable.Range(0, 1 + (i % 9)).Select(word => $"{(i * 7919) + (word * 104729):x}")))];

    [Fact]
    public async Task A_text_finds_what_the_encoder_itself_ranks_first()
    {
        StoredModel model = await TinyModel.ImportAsync(silo.ModelDirectory, "tiny", "1");
        using LlamaTextEncoder encoder = LlamaTextEncoder.Open(model, new LlamaEncoderOptions { Deterministic = true });
        await silo.CreateAsync("oracle", shards: 4, encoder: "tiny@1");
        Assert.All(await silo.IngestAsync("oracle", Texts), outcome => Assert.Equal(ItemStatus.Created, outcome.Status));

        SearchAnswer answer = await silo.SearchAsync("oracle", Texts[17], top: 20);

        SparseVector query = encoder.EncodeSparse([encoder.TokensOfQuery(Texts[17], default)], areQueries: true, default)[0];
        (string Key, double Score)[] expected = [.. Texts
            .Select((text, i) => (Key: $"{i}", Score: Score(query, encoder.EncodeSparse([encoder.TokensOfDocument(null, text, default)], areQueries: false, default)[0])))
            .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Key, StringComparer.Ordinal).Take(20)];
        Assert.Equal(expected.Select(hit => hit.Score), answer.Hits.Select(hit => hit.Score), (a, b) => Math.Abs(a - b) <= 1e-3 * a);
        Assert.Equal(expected[0].Key, answer.Hits[0].DocumentKey);
    }

    [Fact]
    public async Task Shards_and_batches_change_no_score()
    {
        _ = await TinyModel.ImportAsync(silo.ModelDirectory, "tiny", "2");
        await silo.CreateAsync("whole", shards: 1, encoder: "tiny@2");
        await silo.CreateAsync("piecemeal", shards: 8, encoder: "tiny@2");
        _ = await silo.IngestAsync("whole", Texts);
        await Task.WhenAll(Texts.Select((text, i) => IngestAsync("piecemeal", $"{i}", text)));

        foreach (string query in Texts.Take(10))
        {
            SearchAnswer[] answers = [await silo.SearchAsync("whole", query, top: 100), await silo.SearchAsync("piecemeal", query, top: 100)];
            Assert.NotEmpty(answers[0].Hits);
            Assert.Equal(answers[0].Hits.Select(hit => (hit.DocumentKey, hit.Score)), answers[1].Hits.Select(hit => (hit.DocumentKey, hit.Score)));
        }
    }

    [Fact]
    public async Task An_explanation_shows_the_terms_as_text()
    {
        StoredModel model = await TinyModel.ImportAsync(silo.ModelDirectory, "tiny", "3");
        using LlamaTextEncoder encoder = LlamaTextEncoder.Open(model, new LlamaEncoderOptions { Deterministic = true });
        IndexDefinition index = await silo.CreateAsync("explained", shards: 1, encoder: "tiny@3");
        _ = await silo.IngestAsync("explained", Texts);

        SearchAnswer answer = await silo.SearchAsync("explained", Texts[3], top: 1, explain: true);

        SparseVector query = encoder.EncodeSparse([encoder.TokensOfQuery(Texts[3], default)], areQueries: true, default)[0];
        HashSet<string> terms = [.. query.TermIds.Select(id => encoder.TermText(id) is { Length: > 0 } text ? text : $"{id}")];
        Assert.NotEmpty(answer.Hits[0].Matches!);
        Assert.All(answer.Hits[0].Matches!, match => Assert.Contains(match.Term, terms));
        Assert.Contains(answer.Hits[0].Matches!, match => match.Term.Length == 1 && char.IsAsciiLetter(match.Term[0]));
        Assert.Equal((model.Manifest.ContentHash, ContractFile.HashOf(TinyModel.Contract)), (index.Model!.ModelHash, index.Model.ContractHash));
    }

    [Fact]
    public async Task A_sparse_vector_given_with_a_text_takes_the_place_of_the_models()
    {
        _ = await TinyModel.ImportAsync(silo.ModelDirectory, "tiny", "4");
        await silo.CreateAsync("given", shards: 1, encoder: "tiny@4");
        await IngestAsync("given", "own", "abc", PackedSparseVector.Pack([257], [1f]));

        CallContext.ActFor("acme");
        var search = new SearchCall { Sparse = PackedSparseVector.Pack([257], [2f]), Top = 10, Explain = true, Deadline = TimeSpan.FromSeconds(20) };
        SearchAnswer answer = await silo.Grains.GetGrain<IQueryGrain>("acme/given").SearchAsync(search, CancellationToken.None);

        TermMatch match = Assert.Single(Assert.Single(answer.Hits).Matches!);
        Assert.Equal("257", match.Term);
    }

    [Theory]
    [InlineData("absent@1", FaultKind.EncoderMismatch, "There is no model 'absent@1'")]
    [InlineData("../x@1", FaultKind.Invalid, "a model as id@version")]
    [InlineData("absent@1#tpu", FaultKind.Invalid, "id@version#device")]
    [InlineData("absent@1#cuda", FaultKind.Unavailable, "No encoder process computes on 'cuda'; the cluster's compute on cpu.")]
    [InlineData("absent@1#cpu", FaultKind.EncoderMismatch, "There is no model 'absent@1'")]
    [InlineData("nonsense", FaultKind.Invalid, "a model as id@version")]
    public async Task An_index_of_a_model_that_is_not_there_is_refused(string encoder, FaultKind kind, string message)
    {
        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(() => silo.CreateAsync("refused", shards: 1, encoder: encoder));

        Assert.Equal(kind, fault.Kind);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_whose_adapter_is_damaged_is_refused()
    {
        StoredModel model = await TinyModel.ImportAsync(silo.ModelDirectory, "adapted", "1");
        await File.WriteAllTextAsync(Path.Combine(model.Folder, "adapter_config.json"), "{}");

        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(() => silo.CreateAsync("refused", shards: 1, encoder: "adapted@1"));

        Assert.Equal(FaultKind.EncoderMismatch, fault.Kind);
        Assert.Contains("adapter_config.json", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_encoder_that_is_not_what_the_index_was_built_with_refuses_and_names_the_field()
    {
        _ = await TinyModel.ImportAsync(silo.ModelDirectory, "tiny", "5");
        IndexDefinition index = await silo.CreateAsync("built", shards: 1, encoder: "tiny@5");
        EncoderContract other = TinyModel.Contract with { Bos = null };
        var batch = new EncodeBatch
        {
            Texts = ["abc"],
            AreQueries = true,
            Expected = index.Model! with { Contract = ContractFile.ToCanonicalJson(other), ContractHash = ContractFile.HashOf(other) },
        };

        CallContext.ActFor("acme");
        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(
            () => silo.Grains.GetGrain<IEncoderGrain>("tiny@5").EncodeAsync(batch, CancellationToken.None));

        Assert.Equal(FaultKind.EncoderMismatch, fault.Kind);
        Assert.Contains("bos is null in the index and 256 in the encoder", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_outside_of_any_index_get_the_vectors_of_their_model_in_portions_with_terms_and_token_counts()
    {
        StoredModel model = await TinyModel.ImportAsync(silo.ModelDirectory, "tiny", "6");
        using LlamaTextEncoder encoder = LlamaTextEncoder.Open(model, new LlamaEncoderOptions { Deterministic = true });
        CallContext.ActFor("acme");
        var request = new EmbeddingCall { Model = "tiny@6", Texts = Texts, AreQueries = true, Sparse = true, WithTermTexts = true };

        EmbeddingAnswer answer = await silo.Grains.GetGrain<IEmbeddingGrain>("acme").EmbedAsync(request, CancellationToken.None);

        Assert.Equal(model.Manifest.ContentHash, answer.Model.ModelHash);
        for (int i = 0; i < Texts.Length; i++)
        {
            int[] tokens = encoder.TokensOfQuery(Texts[i], default);
            SparseVector expected = encoder.EncodeSparse([tokens], areQueries: true, default)[0];
            Assert.Equal(tokens.Length, answer.TokenCounts[i]);
            Assert.Equal(expected.TermIds, answer.Sparse![i].UnpackTermIds());
            Assert.Equal(expected.Weights, answer.Sparse[i].UnpackWeights());
            Assert.Equal(expected.TermIds.Select(encoder.TermText), answer.TermTexts![i]);
        }
    }

    [Theory]
    [InlineData("tiny@7", false, "gives sparse vectors")]
    [InlineData("dense@2", true, "gives dense vectors")]
    [InlineData("lexical", true, "There is no model 'lexical'")]
    public async Task Vectors_of_the_other_kind_are_refused(string name, bool sparse, string message)
    {
        _ = await TinyModel.ImportAsync(silo.ModelDirectory, "tiny", "7");
        _ = await TinyModel.ImportAsync(silo.ModelDirectory, "dense", "2", ContractPresets.LionDense() with { Bos = 256, MaxQueryTokens = 32, MaxPassageTokens = 64 });
        CallContext.ActFor("acme");
        var request = new EmbeddingCall { Model = name, Texts = ["abc"], AreQueries = false, Sparse = sparse };

        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(() => silo.Grains.GetGrain<IEmbeddingGrain>("acme").EmbedAsync(request, CancellationToken.None));

        Assert.Equal(FaultKind.EncoderMismatch, fault.Kind);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_tenant_reaches_the_embeddings_of_another()
    {
        CallContext.ActFor("globex");
        var request = new EmbeddingCall { Model = "tiny@7", Texts = ["abc"], AreQueries = false, Sparse = true };

        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(() => silo.Grains.GetGrain<IEmbeddingGrain>("acme").EmbedAsync(request, CancellationToken.None));

        Assert.Equal(FaultKind.Forbidden, fault.Kind);
    }

    private static double Score(SparseVector query, SparseVector document)
    {
        Dictionary<int, float> weights = query.TermIds.Zip(query.Weights).ToDictionary(pair => pair.First, pair => pair.Second);
        return document.TermIds.Zip(document.Weights)
            .Sum(term => weights.GetValueOrDefault(term.First) * ImpactQuantiser.Quantise(Math.Min(term.Second, MaxWeight), MaxWeight) * ImpactQuantiser.Scale(MaxWeight));
    }

    private async Task IngestAsync(string index, string key, string text, PackedSparseVector? sparse = null)
    {
        CallContext.ActFor("acme");
        var batch = new IngestBatch
        {
            Items = [new IngestItem { DocumentKey = key, OperationId = Guid.NewGuid(), Text = text, Sparse = sparse, Stored = "{}"u8.ToArray() }],
        };
        IngestReply reply = await silo.Grains.GetGrain<IIngestGrain>($"acme/{index}").ApplyAsync(batch, CancellationToken.None);
        Assert.Equal(ItemStatus.Created, reply.Outcomes[0].Status);
    }
}
