using System.Text;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Silo.Tests.Grains;

/// <summary>Reading an index in key order over its shards.</summary>
public sealed class ScrollTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private static readonly SealedShards.Document[] Documents = SealedShards.Drawn(1000, seed: 5);

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(1, 7)]
    [InlineData(8, 100)]
    [InlineData(8, 1)]
    public async Task Pages_of_any_size_over_any_number_of_shards_read_the_same_documents_in_one_order(int shards, int limit)
    {
        IndexDefinition index = await silo.CreateAsync($"scroll{shards}x{limit}", shards, encoder: "none");
        SealedShards.Document[] documents = Documents[..Math.Min(Documents.Length, 30 * limit)];
        await SealedShards.WriteAsync(silo.Store, index, documents);

        List<ScrolledDocument> read = [];
        ScrollPage page;
        do
        {
            page = await ScrollAsync(index.Name, read.Count == 0 ? null : read[^1].DocumentKey, limit, index.Generation);
            Assert.InRange(page.Documents.Length, 1, limit);
            read.AddRange(page.Documents);
        }
        while (page.More);

        Assert.Equal(documents.Select(document => document.Key), read.Select(document => document.DocumentKey));
        Assert.All(documents.Zip(read), pair =>
        {
            Assert.Equal(pair.First.Impacts, pair.Second.Impacts.ToArray());
            Assert.Equal(5 / 255.0, pair.Second.Scale);
        });
    }

    [Fact]
    public async Task A_shard_that_does_not_answer_is_a_fault_and_no_gap()
    {
        IndexDefinition index = await silo.CreateAsync("gap", 2, encoder: "none");
        await silo.Store.PutAsync($"{SealedShards.FolderOf(index, 1)}/log/nothing", Encoding.UTF8.GetBytes("no log"), null, default);

        var fault = await Assert.ThrowsAsync<PlatformException>(() => ScrollAsync("gap", null, 10, null));

        Assert.Equal(FaultKind.Unavailable, fault.Kind);
        Assert.Contains("Shard 1 did not answer", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scroll_of_an_index_that_was_made_anew_is_refused()
    {
        IndexDefinition index = await silo.CreateAsync("anew", 1, encoder: "none");
        var fault = await Assert.ThrowsAsync<PlatformException>(() => ScrollAsync("anew", "a", 10, index.Generation + 1));
        Assert.Equal(FaultKind.Invalid, fault.Kind);
        Assert.Contains("Begin without a cursor", fault.Message, StringComparison.Ordinal);
    }

    private Task<ScrollPage> ScrollAsync(string index, string? after, int limit, int? generation)
    {
        CallContext.ActFor("acme");
        var call = new ScrollCall { After = after, Limit = limit, WithVectors = true, Generation = generation, MaxBytes = 1 << 20 };
        return silo.Grains.GetGrain<IQueryGrain>($"acme/{index}").ScrollAsync(call, CancellationToken.None);
    }
}
