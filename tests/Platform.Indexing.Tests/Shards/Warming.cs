using Platform.Indexing.Shards;
using Platform.Indexing.Tests.Storage;

namespace Platform.Indexing.Tests.Shards;

public sealed class Warming
{
    [Fact]
    public async Task Warming_maps_every_segment_and_writes_nothing_and_its_owner_goes_on()
    {
        var store = new WatchedBlobStore(new MemoryBlobStore());
        await using Shard owner = await Shard.OpenAsync(store, "s", new ShardOptions(), CancellationToken.None);
        for (int segment = 0; segment < 3; segment++)
        {
            await owner.ApplyAsync(Put($"d{segment}"));
            await owner.SealAsync();
        }

        store.Calls.Clear();
        Assert.Equal(owner.Measure().SegmentBytes, await Shard.WarmAsync(store, "s", CancellationToken.None));
        Assert.Equal(1 + owner.Measure().Segments, store.Calls.Count);
        Assert.All(store.Calls, call => Assert.True(call is "get s/manifest" || call.StartsWith("map s/segments/", StringComparison.Ordinal), call));
        Assert.Equal([WriteOutcome.Created], await owner.ApplyAsync(Put("after")));
    }

    [Fact]
    public async Task Warming_a_shard_that_is_not_there_does_nothing() =>
        Assert.Equal(0, await Shard.WarmAsync(new MemoryBlobStore(), "s", CancellationToken.None));

    private static byte[] Put(string key) =>
        ShardDrawings.Pack([new ShardModel.Operation(Guid.NewGuid(), key, new ShardModel.Content(new byte[20], ["red"], []))]);
}
