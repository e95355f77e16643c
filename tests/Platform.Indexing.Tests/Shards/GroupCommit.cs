using Platform.Indexing.Shards;
using Platform.Indexing.Storage;
using Platform.Indexing.Tests.Storage;
using Operation = Platform.Indexing.Tests.Shards.ShardModel.Operation;

namespace Platform.Indexing.Tests.Shards;

public sealed class GroupCommit
{
    [Theory]
    [InlineData("append s/log/")]
    [InlineData("tag s/manifest")]
    public async Task A_write_is_neither_acknowledged_nor_searchable_before_its_append_and_the_epoch_check_returned(string call)
    {
        var store = new WatchedBlobStore(new MemoryBlobStore());
        await using Shard shard = await OpenAsync(store);
        WatchedBlobStore.Hold hold = store.HoldBack(call);
        Task<WriteOutcome[]> write = shard.ApplyAsync(Put("a"));
        await hold.Reached;
        Assert.False(write.IsCompleted);
        Assert.Null(shard.Fetch("a"));

        hold.Release();
        Assert.Equal([WriteOutcome.Created], await write);
        Assert.NotNull(shard.Fetch("a"));
    }

    [Fact]
    public async Task Every_acknowledgement_stands_behind_an_append_and_then_an_epoch_check_of_its_own()
    {
        var store = new WatchedBlobStore(new MemoryBlobStore());
        await using Shard shard = await OpenAsync(store);
        for (int i = 0; i < 20; i++)
        {
            store.Calls.Clear();
            await shard.ApplyAsync(Put($"{i}"));
            Assert.Equal(["append s/log/000000000001-00000001", "tag s/manifest"], store.Calls);
        }
    }

    [Theory]
    [InlineData("append s/log/")]
    [InlineData("tag s/manifest")]
    public async Task A_write_whose_append_or_check_fails_fails_with_the_stores_reason(string call)
    {
        var store = new WatchedBlobStore(new MemoryBlobStore());
        await using Shard shard = await OpenAsync(store);
        WatchedBlobStore.Hold hold = store.HoldBack(call);
        Task<WriteOutcome[]> first = shard.ApplyAsync(Put("a"));
        await hold.Reached;
        Task<WriteOutcome[]> second = shard.ApplyAsync(Put("b"));
        hold.Fail();
        Assert.Equal("The store failed.", (await Assert.ThrowsAsync<IOException>(() => first)).Message);
        Assert.Equal("The store failed.", (await Assert.ThrowsAsync<IOException>(() => second)).Message);
        Assert.Same(await shard.Fault, await Assert.ThrowsAsync<IOException>(() => shard.ApplyAsync(Put("c"))));
        Assert.Null(shard.Fetch("a"));
    }

    [Fact]
    public async Task Writes_that_wait_share_one_append_and_one_epoch_check()
    {
        var store = new WatchedBlobStore(new MemoryBlobStore());
        await using Shard shard = await OpenAsync(store);
        WatchedBlobStore.Hold hold = store.HoldBack("append ");
        List<Task<WriteOutcome[]>> writes = [shard.ApplyAsync(Put("first"))];
        await hold.Reached;
        store.Calls.Clear();
        writes.AddRange(Enumerable.Range(0, 500).Select(i => shard.ApplyAsync(Put($"{i}"))));
        hold.Release();
        await Task.WhenAll(writes);

        Assert.Equal(1, store.Calls.Count(call => call.StartsWith("append ", StringComparison.Ordinal)));
        Assert.Equal(2, store.Calls.Count(call => call == "tag s/manifest"));      // the first write's own, and the group's
        Assert.Equal(501, shard.Measure().Documents);
    }

    [Fact]
    public async Task Outcomes_of_a_group_are_those_of_its_order()
    {
        var store = new WatchedBlobStore(new MemoryBlobStore());
        await using Shard shard = await OpenAsync(store);
        WatchedBlobStore.Hold hold = store.HoldBack("append ");
        Task<WriteOutcome[]> first = shard.ApplyAsync(Put("other"));
        await hold.Reached;
        byte[] again = Put("a");
        Task<WriteOutcome[]>[] group =
        [
            shard.ApplyAsync(again),
            shard.ApplyAsync(Put("a")),
            shard.ApplyAsync(again),
            shard.ApplyAsync(ShardDrawings.Pack([new Operation(Guid.NewGuid(), "a", null), new Operation(Guid.NewGuid(), "a", null)])),
        ];
        hold.Release();
        await first;
        Assert.Equal(
            [[WriteOutcome.Created], [WriteOutcome.Updated], [WriteOutcome.Created], [WriteOutcome.Deleted, WriteOutcome.NotFound]],
            await Task.WhenAll(group));
    }

    [Fact]
    public async Task A_write_beyond_the_queue_limit_is_refused_as_busy_and_not_applied_and_the_others_are()
    {
        var inner = new MemoryBlobStore();
        var store = new WatchedBlobStore(inner);
        byte[] one = Put("0");
        var options = new ShardOptions { MaxQueuedBytes = 10 * one.Length };
        await using (Shard shard = await Shard.OpenAsync(store, "s", options, CancellationToken.None))
        {
            WatchedBlobStore.Hold hold = store.HoldBack("append ");
            List<Task<WriteOutcome[]>> writes = [shard.ApplyAsync(one)];
            await hold.Reached;
            writes.AddRange(Enumerable.Range(1, 9).Select(i => shard.ApplyAsync(Put($"{i}"))));
            byte[] refused = Put("r");
            await Assert.ThrowsAsync<ShardBusyException>(() => shard.ApplyAsync(refused));
            await Assert.ThrowsAsync<ShardBusyException>(() => shard.ApplyAsync(refused));
            hold.Release();
            Assert.All(await Task.WhenAll(writes), outcomes => Assert.Equal([WriteOutcome.Created], outcomes));
            Assert.Null(shard.Fetch("r"));
            Assert.Equal(10, shard.Measure().Documents);
        }

        await using Shard reopened = await OpenAsync(inner);
        Assert.Null(reopened.Fetch("r"));
        Assert.Equal(10, reopened.Measure().Documents);
        Assert.Equal([WriteOutcome.Created], await reopened.ApplyAsync(Put("r")));
    }

    [Fact]
    public async Task A_closing_shard_finishes_what_was_queued_and_takes_no_more()
    {
        var store = new WatchedBlobStore(new MemoryBlobStore());
        Shard shard = await OpenAsync(store);
        WatchedBlobStore.Hold hold = store.HoldBack("append ");
        Task<WriteOutcome[]> queued = shard.ApplyAsync(Put("a"));
        await hold.Reached;
        Task closing = shard.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => shard.ApplyAsync(Put("b")));
        Assert.False(closing.IsCompleted);
        hold.Release();
        Assert.Equal([WriteOutcome.Created], await queued);
        await closing;
    }

    [Fact]
    public async Task A_log_of_writes_that_leave_no_document_is_sealed_away_too()
    {
        var inner = new MemoryBlobStore();
        await using (Shard shard = await Shard.OpenAsync(inner, "s", ShardDrawings.Tiny, CancellationToken.None))
        {
            for (int i = 0; i < 2000; i++)
            {
                await shard.ApplyAsync(ShardDrawings.Pack([new Operation(Guid.NewGuid(), "nobody", null)]));
            }
        }

        long logBytes = inner.Names.Where(name => name.StartsWith("s/log/", StringComparison.Ordinal)).Sum(name => (long)inner[name].Length);
        Assert.InRange(logBytes, 0, 10 * ShardDrawings.Tiny.SealAtBytes);
        await using Shard reopened = await OpenAsync(inner);
        Assert.Equal(0, reopened.Measure().Documents);
    }

    [Fact]
    public async Task A_log_takes_no_more_appends_than_the_store_allows_and_those_that_follow_it_are_replayed_in_order()
    {
        var inner = new MemoryBlobStore();
        var store = new WatchedBlobStore(inner) { MaxAppends = 3 };
        await using (Shard shard = await OpenAsync(store))
        {
            for (int i = 0; i < 10; i++)
            {
                await shard.ApplyAsync(Put($"{i}"));
                await shard.ApplyAsync(Put("again"));
            }
        }

        var appends = store.Calls.Where(call => call.StartsWith("append ", StringComparison.Ordinal)).CountBy(call => call).ToDictionary();
        Assert.Equal(7, appends.Count);
        Assert.All(appends.Values, count => Assert.InRange(count, 1, 3));
        await using Shard reopened = await OpenAsync(inner);
        Assert.Equal(11, reopened.Measure().Documents);
    }

    private static byte[] Put(string key) =>
        ShardDrawings.Pack([new Operation(Guid.NewGuid(), key, new ShardModel.Content(new byte[20], ["red"], []))]);

    private static Task<Shard> OpenAsync(IBlobStore store) => Shard.OpenAsync(store, "s", ShardDrawings.Roomy, CancellationToken.None);
}
