using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Silo.Tests.Grains;

/// <summary>Index-time pruning, and figures of the sparse part summed over shards.</summary>
public sealed class SparseIndexTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private static readonly SealedShards.Document[] Documents = SealedShards.Drawn(1500, seed: 4);

    [Fact]
    public async Task Figures_summed_over_shards_are_those_of_one_shard_and_of_the_documents()
    {
        foreach (int shards in (int[])[1, 8])
        {
            IndexDefinition index = await silo.CreateAsync($"figures{shards}", shards, encoder: "none");
            await SealedShards.WriteAsync(silo.Store, index, Documents);
        }

        SparseIndexReport one = await QueryGrain("figures1").MeasureSparseAsync(default);
        SparseIndexReport eight = await QueryGrain("figures8").MeasureSparseAsync(default);
        SparseTermFrequencies counted = await QueryGrain("figures8").CountSparseTermsAsync([5, 0, 100_000], default);

        long[] counts = [.. Documents.SelectMany(document => document.TermIds).GroupBy(term => term).Select(term => term.LongCount())];
        Assert.Equal((1500, counts.Sum(), counts.Length), (one.Sums.Documents, one.Sums.Postings, one.Terms));
        Assert.Equal((one.Sums.Documents, one.Sums.Postings, one.Terms), (eight.Sums.Documents, eight.Sums.Postings, eight.Terms));
        Assert.Equal(counts.Sum(count => Math.Pow(count / 1500.0, 2)), one.ExpectedFlops, 9);
        Assert.Equal(one.ExpectedFlops, eight.ExpectedFlops, 9);
        Assert.Equal((1500, Documents.Length), (counted.Documents, counted.Counts[1]));
        Assert.Equal((Documents.LongCount(document => document.TermIds.Contains(5)), 0), (counted.Counts[0], counted.Counts[2]));
        Assert.Empty(eight.Coverage.Failed);
    }

    [Fact]
    public async Task A_pruned_index_keeps_the_strongest_terms_of_documents_and_searches_those_of_queries()
    {
        CallContext.ActFor("acme");
        var pruned = new NewIndex
        {
            Name = "pruned", Shards = 2, Encoder = "none", K1 = 0.9, B = 0.4, SparseMaxWeight = 5, Pruning = new IndexPruning(TopTermsPerDocument: 2, MinWeight: 0.5, TopTermsPerQuery: 2),
        };
        IndexDefinition index = await silo.Grains.GetGrain<ITenantGrain>("acme").CreateIndexAsync(pruned, default);
        var item = new IngestItem { DocumentKey = "a", OperationId = Guid.NewGuid(), Stored = "{}"u8.ToArray(), Sparse = PackedSparseVector.Pack([1, 2, 3, 4], [1f, 4f, 0.4f, 2f]) };
        await silo.Grains.GetGrain<IIngestGrain>("acme/pruned").ApplyAsync(new IngestBatch { Items = [item] }, default);

        var search = new SearchCall { Sparse = PackedSparseVector.Pack([1, 2, 3, 4], [9f, 1f, 8f, 2f]), Top = 9, Explain = true, Deadline = TimeSpan.FromSeconds(20) };
        SearchAnswer unmatched = await QueryGrain("pruned").SearchAsync(search, default);
        SearchAnswer matched = await QueryGrain("pruned").SearchAsync(search with { Sparse = PackedSparseVector.Pack([1, 2, 4], [1f, 2f, 3f]) }, default);

        Assert.Equal(pruned.Pruning, index.Pruning);
        Assert.Empty(unmatched.Hits);                                                          // it looks for terms 1 and 3, which the document lost
        Assert.Equal(["2", "4"], Assert.Single(matched.Hits).Matches!.Select(match => match.Term).Order());
    }

    [Fact]
    public async Task Pruning_that_breaks_rules_is_refused_with_all_of_them()
    {
        CallContext.ActFor("acme");
        var broken = new NewIndex { Name = "broken", Shards = 1, Encoder = "none", K1 = 0.9, B = 0.4, SparseMaxWeight = 5, Pruning = new IndexPruning(-1, double.NaN, 70_000) };
        var refused = await Assert.ThrowsAsync<PlatformException>(() => silo.Grains.GetGrain<ITenantGrain>("acme").CreateIndexAsync(broken, default));
        Assert.All(
            (string[])["sparse.topTermsPerDocument is -1", "sparse.minWeight is NaN", "sparse.topTermsPerQuery is 70000"],
            rule => Assert.Contains(rule, refused.Message, StringComparison.Ordinal));
    }

    private IQueryGrain QueryGrain(string index)
    {
        CallContext.ActFor("acme");
        return silo.Grains.GetGrain<IQueryGrain>($"acme/{index}");
    }
}
