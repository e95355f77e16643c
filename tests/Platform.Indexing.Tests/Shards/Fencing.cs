using System.Collections.Concurrent;
using Platform.Indexing.Shards;
using Platform.Indexing.Storage;
using Platform.Indexing.Tests.Storage;
using Platform.Testing;
using Operation = Platform.Indexing.Tests.Shards.ShardModel.Operation;

namespace Platform.Indexing.Tests.Shards;

public sealed class Fencing(TestStores stores) : IClassFixture<TestStores>
{
    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Files)]
    [AzuriteData(StoreKind.Azurite)]
    public async Task The_older_of_two_owners_acknowledges_nothing_once_the_newer_is_open(StoreKind kind)
    {
        IBlobStore store = (await stores.NewAsync(kind))();
        await using Shard older = await OpenAsync(store);
        await older.ApplyAsync(Put("before"));
        await using Shard newer = await OpenAsync(store);
        Assert.Equal(older.Epoch + 1, newer.Epoch);

        await Assert.ThrowsAsync<ShardFencedException>(() => older.ApplyAsync(Put("fenced")));
        await Assert.ThrowsAsync<ShardFencedException>(() => older.ApplyAsync(Put("fenced too")));
        Assert.IsType<ShardFencedException>(await older.Fault);
        Assert.Equal([WriteOutcome.Created], await newer.ApplyAsync(Put("after")));

        await using Shard last = await OpenAsync(store);
        Assert.NotNull(last.Fetch("before"));
        Assert.NotNull(last.Fetch("after"));
        Assert.Equal(2, last.Measure().Documents);
    }

    [Theory]
    [InlineData(StoreKind.Memory, 3, 10_000)]
    [InlineData(StoreKind.Files, 3, 200)]
    [AzuriteData(StoreKind.Azurite, 2, 60)]
    public async Task Of_owners_that_race_every_acknowledged_write_is_found_once_at_the_end_and_none_is_a_stale_owners(StoreKind kind, int owners, int writes)
    {
        Func<IBlobStore> open = await stores.NewAsync(kind);
        IBlobStore[] clients = [.. Enumerable.Range(0, owners).Select(_ => open())];
        long newest = 0;
        var acknowledged = new ConcurrentDictionary<string, WriteOutcome>(StringComparer.Ordinal);
        int fenced = 0;
        int opened = 0;
        var grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var allOpened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.WhenAll(clients.Select((store, owner) => Task.Run(async () =>
        {
            var random = new Random(owner);
            bool met = false;
            for (int round = 0; acknowledged.Count < writes; round++)
            {
                try
                {
                    await using Shard shard = await OpenAsync(store);
                    InterlockedMax(ref newest, shard.Epoch);
                    if (!met)                                 // each has owned the shard before any of them writes: all but one are fenced
                    {
                        met = true;
                        if (Interlocked.Increment(ref opened) == owners)
                        {
                            allOpened.SetResult();
                        }

                        await allOpened.Task;
                    }

                    int burst = random.Next(1, 60);
                    await Task.WhenAll(Enumerable.Range(0, burst).Select(async i =>
                    {
                        string key = $"{owner}/{round}/{i}";
                        long newestBefore = Volatile.Read(ref newest);
                        acknowledged[key] = Assert.Single(await shard.ApplyAsync(Put(key)));
                        Interlocked.Exchange(ref grown, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
                        Assert.True(newestBefore <= shard.Epoch, $"epoch {shard.Epoch} acknowledged what was sent to it when {newestBefore} was open");
                    }));
                }
                catch (ShardFencedException)
                {
                    Interlocked.Increment(ref fenced);
                    Task next = Volatile.Read(ref grown).Task;
                    if (met && acknowledged.Count < writes)
                    {
                        await next;                           // owners that took turns without a write would never end on a slow store
                    }
                }
            }
        })));

        Assert.True(fenced >= owners - 1, $"only {fenced} owners were fenced");
        await using Shard last = await OpenAsync(clients[0]);
        Assert.All(acknowledged, write =>
        {
            Assert.Equal(WriteOutcome.Created, write.Value);
            Assert.True(last.Fetch(write.Key) is not null, $"'{write.Key}' was acknowledged and is gone");
        });
        ShardHit[] hits = last.Search(ShardComparison.WithStatistics([("red", 1)], [last]), int.MaxValue, CancellationToken.None);
        Assert.Equal(hits.Length, hits.Select(hit => hit.DocumentKey).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(last.Measure().Documents, hits.Length);
    }

    [Fact]
    public async Task A_write_that_its_frozen_owner_appends_after_the_log_was_closed_never_shows()
    {
        var inner = new MemoryBlobStore();
        var store = new WatchedBlobStore(inner);
        await using Shard frozen = await OpenAsync(store);
        await frozen.ApplyAsync(Put("before"));
        WatchedBlobStore.Hold hold = store.HoldBack("append ");
        Task<WriteOutcome[]> late = frozen.ApplyAsync(Put("late"));
        await hold.Reached;

        await using (Shard next = await OpenAsync(inner))
        {
            hold.Release();
            await Assert.ThrowsAsync<ShardFencedException>(() => late);
            Assert.Null(next.Fetch("late"));
            await next.ApplyAsync(Put("after"));
        }

        await AssertOnlyAsync(inner, "before", "after");
        await AssertOnlyAsync(inner, "before", "after");
    }

    [Fact]
    public async Task A_first_log_that_a_frozen_owner_makes_after_it_lost_the_shard_never_shows()
    {
        var inner = new MemoryBlobStore();
        var store = new WatchedBlobStore(inner);
        await using Shard frozen = await OpenAsync(store);
        WatchedBlobStore.Hold hold = store.HoldBack("append ");
        Task<WriteOutcome[]> late = frozen.ApplyAsync(Put("late"));
        await hold.Reached;
        await using (Shard next = await OpenAsync(inner))
        {
            hold.Release();
            await Assert.ThrowsAsync<ShardFencedException>(() => late);
        }

        await AssertOnlyAsync(inner);
        Assert.DoesNotContain("s/log/000000000001-00000001", inner.Names);         // the next owner removed it
    }

    [Fact]
    public async Task A_seal_that_its_frozen_owner_finishes_too_late_changes_nothing()
    {
        var inner = new MemoryBlobStore();
        var store = new WatchedBlobStore(inner);
        await using Shard frozen = await OpenAsync(store);
        WatchedBlobStore.Hold hold = store.HoldBack("put s/manifest");
        string[] keys = [.. Enumerable.Range(0, 60).Select(i => $"k{i}")];
        foreach (string key in keys)
        {
            await frozen.ApplyAsync(Put(key));
        }

        await hold.Reached;
        await using (Shard next = await OpenAsync(inner))
        {
            hold.Release();
            Assert.IsType<ShardFencedException>(await frozen.Fault);
            Assert.Equal(keys.Length, next.Measure().Documents);
        }

        await AssertOnlyAsync(inner, keys);
    }

    [Fact]
    public async Task A_check_of_the_epoch_is_not_deceived_by_the_owners_own_manifest()
    {
        var inner = new MemoryBlobStore();
        await using Shard shard = await OpenAsync(inner);
        string[] keys = [.. Enumerable.Range(0, 2000).Select(i => $"k{i}")];
        foreach (string key in keys)                          // seals and merges replace the manifest between appends and checks
        {
            Assert.Equal([WriteOutcome.Created], await shard.ApplyAsync(Put(key)));
        }

        Assert.False(shard.Fault.IsCompleted);
    }

    private static async Task AssertOnlyAsync(IBlobStore store, params string[] keys)
    {
        await using Shard shard = await OpenAsync(store);
        Assert.All(keys, key => Assert.NotNull(shard.Fetch(key)));
        Assert.Equal(keys.Length, shard.Measure().Documents);
    }

    private static byte[] Put(string key) =>
        ShardDrawings.Pack([new Operation(Guid.NewGuid(), key, new ShardModel.Content(new byte[20], ["red"], []))]);

    private static Task<Shard> OpenAsync(IBlobStore store) => Shard.OpenAsync(store, "s", ShardDrawings.Tiny, CancellationToken.None);

    private static void InterlockedMax(ref long value, long atLeast)
    {
        for (long seen = Volatile.Read(ref value); seen < atLeast;)
        {
            seen = Interlocked.CompareExchange(ref value, atLeast, seen);
        }
    }
}
