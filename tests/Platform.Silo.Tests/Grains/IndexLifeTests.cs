using System.Text;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;

namespace Platform.Silo.Tests.Grains;

/// <summary>An index from its creation to its deletion, and what happens when a shard of it fails.</summary>
public sealed class IndexLifeTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 40).Select(i => $"cats and dogs number {i}")];

    [Fact]
    public async Task A_deleted_index_leaves_no_data_and_a_new_one_of_its_name_begins_empty()
    {
        IndexDefinition first = await silo.CreateAsync("life", 4);
        await silo.IngestAsync("life", Texts);
        Assert.Equal(40, (await silo.SearchAsync("life", "cat", top: 100)).Hits.Length);

        CallContext.ActFor("acme");
        Assert.True(await silo.Grains.GetGrain<ITenantGrain>("acme").DeleteIndexAsync("life", default));
        Assert.False(await silo.Grains.GetGrain<ITenantGrain>("acme").DeleteIndexAsync("life", default));
        Assert.Empty(await silo.Store.ListAsync("shards/acme/life/", default));
        var gone = await Assert.ThrowsAsync<PlatformException>(() => silo.SearchAsync("life", "cat"));
        Assert.Equal(FaultKind.IndexNotFound, gone.Kind);

        IndexDefinition second = await silo.CreateAsync("life", 2);
        Assert.Equal(first.Generation + 1, second.Generation);
        Assert.Empty((await silo.SearchAsync("life", "cat")).Hits);
    }

    [Fact]
    public async Task An_index_is_created_once_and_listed_by_name()
    {
        await silo.CreateAsync("twice", 1);
        await silo.CreateAsync("also", 1);
        var refused = await Assert.ThrowsAsync<PlatformException>(() => silo.CreateAsync("twice", 1));
        Assert.Equal(FaultKind.IndexExists, refused.Kind);

        CallContext.ActFor("acme");
        IndexDefinition[] listed = await silo.Grains.GetGrain<ITenantGrain>("acme").ListIndexesAsync(default);
        Assert.Equal(["also", "twice"], listed.Select(index => index.Name).Where(name => name is "also" or "twice"));
    }

    [Fact]
    public async Task An_index_that_breaks_rules_is_refused_with_all_of_them()
    {
        CallContext.ActFor("acme");
        var broken = new NewIndex { Name = "../up", Shards = 3, Encoder = "nothing", K1 = -1, B = double.NaN, SparseMaxWeight = 0 };
        var refused = await Assert.ThrowsAsync<PlatformException>(() => silo.Grains.GetGrain<ITenantGrain>("acme").CreateIndexAsync(broken, default));
        Assert.All((string[])["name", "shards", "encoder", "bm25.k1", "bm25.b", "sparse.maxWeight"], rule => Assert.Contains(rule + " is", refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_shard_makes_answers_partial_and_they_say_so()
    {
        IndexDefinition index = await silo.CreateAsync("damaged", 4);
        string manifest = $"shards/acme/damaged/{index.Generation}/2/manifest";
        await silo.Store.PutAsync(manifest, Encoding.UTF8.GetBytes("not a manifest"), await silo.Store.GetETagAsync(manifest, default), default);

        ItemOutcome[] outcomes = await silo.IngestAsync("damaged", Texts);
        SearchAnswer answer = await silo.SearchAsync("damaged", "cat", top: 100);

        Assert.Equal(4, answer.Coverage.Asked);
        MissingShard missing = Assert.Single(answer.Coverage.Failed);
        Assert.Equal(2, missing.Ordinal);
        Assert.Contains("damaged", missing.Reason, StringComparison.Ordinal);
        Assert.Equal(outcomes.Count(outcome => outcome.Status == ItemStatus.Created), answer.Hits.Length);
        Assert.All(outcomes.Where(outcome => outcome.Status != ItemStatus.Created), outcome => Assert.Equal(ItemStatus.Unknown, outcome.Status));
        Assert.InRange(answer.Hits.Length, 1, Texts.Length - 1);
    }

    [Fact]
    public async Task A_shard_taken_over_by_another_owner_acknowledges_nothing_until_it_has_it_back()
    {
        IndexDefinition index = await silo.CreateAsync("fenced", 1);
        await silo.IngestAsync("fenced", "one cat");
        await using (await Shard.OpenAsync(silo.Store, $"shards/acme/fenced/{index.Generation}/0", new ShardOptions(), default))
        {
            ItemOutcome outcome = Assert.Single(await silo.IngestAsync("fenced", "two cats"));
            Assert.Equal(ItemStatus.Unknown, outcome.Status);
        }

        ItemOutcome[] again = [];
        for (int attempt = 0; attempt < 100 && (again.Length == 0 || again[0].Status == ItemStatus.Unknown); attempt++)
        {
            again = await silo.IngestAsync("fenced", "three cats");
        }

        Assert.Equal(ItemStatus.Updated, Assert.Single(again).Status);
        Assert.Single((await silo.SearchAsync("fenced", "three")).Hits);
        Assert.Empty((await silo.SearchAsync("fenced", "two")).Hits);
    }

    [Fact]
    public async Task Scores_do_not_depend_on_the_number_of_shards()
    {
        await silo.CreateAsync("one", 1);
        await silo.CreateAsync("many", 16);
        await silo.IngestAsync("one", Texts);
        await silo.IngestAsync("many", Texts);

        SearchAnswer one = await silo.SearchAsync("one", "dog number 7", top: 100);
        SearchAnswer many = await silo.SearchAsync("many", "dog number 7", top: 100);

        Assert.Equal(one.Hits.Select(hit => (hit.DocumentKey, hit.Score)), many.Hits.Select(hit => (hit.DocumentKey, hit.Score)));
        Assert.Equal("7", one.Hits[0].DocumentKey);
    }
}
