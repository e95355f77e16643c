using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Silo.Tests.Grains;

/// <summary>Indexes of given dense vectors, alone and beside text.</summary>
public sealed class DenseIndexTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private const int Dimensions = 24;

    private static readonly string[] Words = ["wing", "slipstream", "heat", "transfer", "plate", "shock", "wave", "flow"];

    [Fact]
    public async Task A_dense_query_finds_what_a_loop_over_all_vectors_finds_whatever_the_shards()
    {
        float[][] vectors = [.. Enumerable.Range(0, 300).Select(Vector)];
        foreach ((string name, int shards) in (IEnumerable<(string, int)>)[("plain-1", 1), ("plain-8", 8)])
        {
            await CreateAsync(name, shards, new DenseDefinition { Dimensions = Dimensions });
            await IngestAsync(name, [.. vectors.Select((vector, i) => Item($"{i}", vector: vector)), Item("none", text: "no vector")]);
            float[] query = Vector(1000);
            SearchAnswer answer = await SearchAsync(name, new SearchCall { Dense = PackedDenseVector.Pack(query), Top = 400, Deadline = Soon });
            string[] expected = [.. vectors.Select((vector, i) => (Key: $"{i}", Score: Product(query, vector)))
                .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Key, StringComparer.Ordinal).Select(hit => hit.Key)];
            Assert.Equal(expected, answer.Hits.Select(hit => hit.DocumentKey));
            Assert.All(answer.Hits, hit => Assert.Equal(Product(query, vectors[int.Parse(hit.DocumentKey, null)]), hit.Score, 1e-4));
            Assert.Equal(shards, answer.Coverage.Asked);
        }
    }

    [Fact]
    public async Task Cosine_divides_by_the_norms_and_refuses_vectors_of_zeros()
    {
        await CreateAsync("cosine", 1, new DenseDefinition { Dimensions = 2, Similarity = DenseSimilarity.Cosine });
        ItemOutcome[] outcomes = await IngestAsync("cosine", Item("near", vector: [30, 40]), Item("far", vector: [1e-12f, 0]), Item("zero", vector: [0, 0]));
        Assert.Equal([ItemStatus.Created, ItemStatus.Created, ItemStatus.Refused], outcomes.Select(outcome => outcome.Status));
        Assert.Contains("no cosine", outcomes[2].Detail, StringComparison.Ordinal);

        SearchAnswer answer = await SearchAsync("cosine", new SearchCall { Dense = PackedDenseVector.Pack([3e14f, 4e14f]), Top = 10, Deadline = Soon });
        Assert.Equal([("near", 1.0), ("far", 0.6)], answer.Hits.Select(hit => (hit.DocumentKey, Math.Round(hit.Score, 6))));
        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(
            () => SearchAsync("cosine", new SearchCall { Dense = PackedDenseVector.Pack([0, 0]), Top = 1, Deadline = Soon }));
        Assert.Equal(FaultKind.Invalid, fault.Kind);
    }

    [Fact]
    public async Task Vectors_that_an_index_cannot_keep_are_refused_alone_with_the_reason()
    {
        await CreateAsync("halves", 2, new DenseDefinition { Dimensions = 2, Precision = DensePrecision.Float16 });
        ItemOutcome[] outcomes = await IngestAsync(
            "halves", Item("longer", vector: [1, 2, 3]), Item("good", vector: [1, 2]), Item("large", vector: [1, 70_000]), Item("odd", vector: [1, float.NaN]));
        Assert.Equal([ItemStatus.Refused, ItemStatus.Created, ItemStatus.Refused, ItemStatus.Refused], outcomes.Select(outcome => outcome.Status));
        Assert.Contains("has 3 components; this index takes 2", outcomes[0].Detail, StringComparison.Ordinal);
        Assert.Contains("takes magnitudes up to 65504", outcomes[2].Detail, StringComparison.Ordinal);
        Assert.Contains("must be a finite number", outcomes[3].Detail, StringComparison.Ordinal);

        await silo.CreateAsync("words", shards: 1);
        ItemOutcome refused = (await IngestAsync("words", Item("a", vector: [1, 2])))[0];
        Assert.Equal(ItemStatus.Refused, refused.Status);
        Assert.Contains("keeps no dense vectors", refused.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("words-only", null, FaultKind.EncoderMismatch, "keeps no dense vectors")]
    [InlineData("vectors-only", new float[] { 1 }, FaultKind.Invalid, "has 1 components; this index takes 2")]
    [InlineData("vectors-only", null, FaultKind.EncoderMismatch, "no encoder that makes a dense vector of a text")]
    public async Task A_search_that_an_index_cannot_answer_says_why(string name, float[]? query, FaultKind kind, string message)
    {
        string index = $"{name}-{Guid.NewGuid():N}"[..40];
        await CreateAsync(index, 1, name == "words-only" ? null : new DenseDefinition { Dimensions = 2 });
        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(() => SearchAsync(
            index,
            query is null
                ? new SearchCall { Text = "wing", Mode = SearchMode.Dense, Top = 1, Deadline = Soon }
                : new SearchCall { Dense = PackedDenseVector.Pack(query), Top = 1, Deadline = Soon }));
        Assert.Equal(kind, fault.Kind);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FusionMethod.ReciprocalRank)]
    [InlineData(FusionMethod.MinMax)]
    [InlineData(FusionMethod.ZScore)]
    public async Task A_hybrid_search_is_the_fusion_of_its_two_legs_and_the_same_whatever_the_shards(FusionMethod method)
    {
        var fusion = new Fusion { Method = method, K = 60, DenseWeight = 0.3, Depth = 50 };
        List<(string, double)[]> answers = [];
        foreach (int shards in (int[])[1, 4, 16])
        {
            string index = $"hybrid-{method}-{shards}".ToLowerInvariant();
            await CreateAsync(index, shards, new DenseDefinition { Dimensions = Dimensions, Precision = DensePrecision.Int8 });
            await IngestAsync(index, [.. Enumerable.Range(0, 200).Select(i => Item($"{i}", Text(i), i % 5 == 0 ? null : Vector(i)))]);
            var query = new SearchCall { Text = "heat transfer wave", Dense = PackedDenseVector.Pack(Vector(77)), Top = 20, Fusion = fusion, Explain = true, Deadline = Soon };
            SearchAnswer fused = await SearchAsync(index, query);
            FoundDocument[] lexical = (await SearchAsync(index, query with { Dense = null, Fusion = null, Top = 50 })).Hits;
            FoundDocument[] dense = (await SearchAsync(index, query with { Text = null, Fusion = null, Top = 50 })).Hits;

            Assert.Equal(20, fused.Hits.Length);
            foreach (FoundDocument hit in fused.Hits)
            {
                (int first, int second) = (RankOf(lexical, hit.DocumentKey), RankOf(dense, hit.DocumentKey));
                Assert.Equal(
                    [new LegPlace(SearchMode.Lexical, first, first == 0 ? 0 : lexical[first - 1].Score), new LegPlace(SearchMode.Dense, second, second == 0 ? 0 : dense[second - 1].Score)],
                    hit.Legs!);
                if (method == FusionMethod.ReciprocalRank)
                {
                    Assert.Equal((first == 0 ? 0 : 1.0 / (60 + first)) + (second == 0 ? 0 : 1.0 / (60 + second)), hit.Score);
                }

                Assert.True(first == 0 || hit.Matches is { Length: > 0 });
            }

            FoundDocument[] second10 = (await SearchAsync(index, query with { Offset = 10, Top = 10 })).Hits;
            Assert.Equal(fused.Hits.Skip(10).Select(hit => hit.DocumentKey), second10.Select(hit => hit.DocumentKey));
            answers.Add([.. fused.Hits.Select(hit => (hit.DocumentKey, hit.Score))]);
        }

        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
    }

    private static TimeSpan Soon => TimeSpan.FromSeconds(20);

    private static int RankOf(FoundDocument[] hits, string key) => 1 + Array.FindIndex(hits, hit => hit.DocumentKey == key);

    private static string Text(int i) => string.Join(' ', Enumerable.Range(0, 1 + (i % 5)).Select(word => Words[(i + (word * word)) % Words.Length]));

    private static float[] Vector(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Dimensions).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    private static double Product(float[] a, float[] b) => a.Zip(b).Sum(pair => (double)pair.First * pair.Second);

    private static IngestItem Item(string key, string? text = null, float[]? vector = null) => new()
    {
        DocumentKey = key,
        OperationId = Guid.NewGuid(),
        Text = text,
        Stored = "{}"u8.ToArray(),
        Dense = vector is null ? null : PackedDenseVector.Pack(vector),
    };

    private async Task CreateAsync(string name, int shards, DenseDefinition? dense)
    {
        CallContext.ActFor("acme");
        await silo.Grains.GetGrain<ITenantGrain>("acme").CreateIndexAsync(
            new NewIndex { Name = name, Shards = shards, Encoder = "lexical", K1 = 0.9, B = 0.4, SparseMaxWeight = 5, Dense = dense }, CancellationToken.None);
    }

    private async Task<ItemOutcome[]> IngestAsync(string index, params IngestItem[] items)
    {
        CallContext.ActFor("acme");
        return (await silo.Grains.GetGrain<IIngestGrain>($"acme/{index}").ApplyAsync(new IngestBatch { Items = items }, CancellationToken.None)).Outcomes;
    }

    private async Task<SearchAnswer> SearchAsync(string index, SearchCall search)
    {
        CallContext.ActFor("acme");
        return await silo.Grains.GetGrain<IQueryGrain>($"acme/{index}").SearchAsync(search, CancellationToken.None);
    }
}
