using Platform.Indexing.Shards;
using Platform.Indexing.Storage;
using Platform.Indexing.Tests.Storage;
using Platform.Testing;
using Operation = Platform.Indexing.Tests.Shards.ShardModel.Operation;

namespace Platform.Indexing.Tests.Shards;

public sealed class CrashRecovery(TestStores stores) : IClassFixture<TestStores>
{
    private static readonly Operation[][] History = ShardDrawings.History(seed: 5, batches: 36);

    [Theory]
    [InlineData(Death.Before)]
    [InlineData(Death.Half)]
    [InlineData(Death.After)]
    public async Task After_a_death_at_any_store_call_acknowledged_batches_are_there_once_and_others_whole_or_absent(Death death)
    {
        int survive = 0;
        while (await DieAndRecoverAsync(new MemoryBlobStore(), survive, death))
        {
            survive++;
        }

        Assert.True(survive > 100, $"the history made only {survive} store calls: it did not seal and merge");
    }

    [Theory]
    [InlineData(StoreKind.Files, Death.Before)]
    [InlineData(StoreKind.Files, Death.Half)]
    [InlineData(StoreKind.Files, Death.After)]
    [AzuriteData(StoreKind.Azurite, Death.Before)]
    [AzuriteData(StoreKind.Azurite, Death.Half)]
    [AzuriteData(StoreKind.Azurite, Death.After)]
    public async Task The_same_holds_on_durable_stores(StoreKind kind, Death death)
    {
        for (int survive = 3; await DieAndRecoverAsync((await stores.NewAsync(kind))(), survive, death); survive += 53)
        {
        }
    }

    [Fact]
    public async Task A_recovery_that_dies_at_any_call_again_and_again_loses_nothing()
    {
        var store = new MemoryBlobStore();
        (int acknowledged, _) = await RunAsync(store, survive: 90, Death.Half);
        Assert.InRange(acknowledged, 5, History.Length - 1);
        for (int survive = 0; ; survive++)
        {
            var faulty = new FaultyBlobStore(store, survive, (Death)(survive % 3));
            try
            {
                await using Shard shard = await OpenAsync(faulty);
                if (!faulty.Dead)
                {
                    break;
                }
            }
            catch (IOException)
            {
                Assert.True(faulty.Dead, "opening failed before the process died");
            }
        }

        await AssertRecoveredAsync(store, acknowledged, "after recoveries that died");
    }

    [Fact]
    public async Task A_copy_of_any_moment_holds_every_batch_acknowledged_before_it()
    {
        var store = new MemoryBlobStore();
        const int Writers = 4;
        int[] acknowledged = new int[Writers];
        List<(int[] Acknowledged, MemoryBlobStore Store)> copies = [];
        await using (Shard shard = await OpenAsync(store))
        {
            Task[] writers = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
            {
                for (int i = 1; i <= 60; i++)
                {
                    await shard.ApplyAsync(Pair(writer, i));
                    Volatile.Write(ref acknowledged[writer], i);
                }
            }))];
            Task all = Task.WhenAll(writers);
            while (!all.IsCompleted)
            {
                int[] before = [.. Enumerable.Range(0, Writers).Select(writer => Volatile.Read(ref acknowledged[writer]))];
                copies.Add((before, store.Copy()));
                await Task.Yield();
            }

            await all;
        }

        int step = Math.Max(1, copies.Count / 150);
        for (int c = 0; c < copies.Count; c += step)
        {
            await using Shard copy = await OpenAsync(copies[c].Store);
            for (int writer = 0; writer < Writers; writer++)
            {
                for (int i = 1; i <= 60; i++)
                {
                    bool left = copy.Fetch($"{writer}/{i}/left") is not null;
                    Assert.Equal(left, copy.Fetch($"{writer}/{i}/right") is not null);      // wholly there or wholly absent
                    Assert.True(left || i > copies[c].Acknowledged[writer], $"batch {i} of writer {writer} was acknowledged and is gone");
                }
            }
        }
    }

    [Fact]
    public async Task An_operation_sent_again_after_a_death_while_its_segment_was_sealed_has_its_first_outcome()
    {
        var inner = new MemoryBlobStore();
        Operation[] victims = [Upsert("deleted", 10), Upsert("updated", 10), .. Enumerable.Range(0, 20).Select(i => Upsert($"first{i}", 300))];
        await using (Shard shard = await OpenAsync(inner))
        {
            await shard.ApplyAsync(ShardDrawings.Pack(victims));
        }

        var store = new WatchedBlobStore(inner);
        WatchedBlobStore.Hold hold = store.HoldBack("put s/segments/");
        Operation[] late = [new(Guid.NewGuid(), "deleted", null), Upsert("updated", 20)];
        await using (Shard shard = await OpenAsync(store))
        {
            await shard.ApplyAsync(ShardDrawings.Pack(Enumerable.Range(0, 20).Select(i => Upsert($"second{i}", 300))));
            await hold.Reached;
            Assert.Equal([WriteOutcome.Deleted, WriteOutcome.Updated], await shard.ApplyAsync(ShardDrawings.Pack(late)));
            hold.Release();
        }

        await using Shard reopened = await OpenAsync(inner);
        Assert.Equal([WriteOutcome.Deleted, WriteOutcome.Updated], await reopened.ApplyAsync(ShardDrawings.Pack(late)));
        Assert.Equal(41, reopened.Measure().Documents);
    }

    [Fact]
    public async Task A_shard_whose_seal_fails_reports_it_and_has_lost_nothing_when_opened_again()
    {
        var inner = new MemoryBlobStore();
        var store = new WatchedBlobStore(inner);
        WatchedBlobStore.Hold hold = store.HoldBack("put s/segments/");
        Operation[] batch = [.. Enumerable.Range(0, 20).Select(i => Upsert($"k{i}", 300))];
        await using (Shard shard = await OpenAsync(store))
        {
            await shard.ApplyAsync(ShardDrawings.Pack(batch));
            await hold.Reached;
            hold.Fail();
            Assert.IsType<IOException>(await shard.Fault);
            await Assert.ThrowsAsync<IOException>(() => shard.ApplyAsync(ShardDrawings.Pack([Upsert("more", 1)])));
        }

        await using Shard reopened = await OpenAsync(inner);
        ShardComparison.AssertHolds(ShardModel.After([batch]), Queries.Fixed, reopened);
    }

    /// <summary>Returns whether the history lived long enough to die.</summary>
    private static async Task<bool> DieAndRecoverAsync(IBlobStore store, int survive, Death death)
    {
        (int acknowledged, bool died) = await RunAsync(store, survive, death);
        await AssertRecoveredAsync(store, acknowledged, $"death {death} call {survive + 1}");
        return died;
    }

    /// <summary>Sends the history to a store that dies; returns how many batches it acknowledged, each with its right outcome.</summary>
    private static async Task<(int Acknowledged, bool Died)> RunAsync(IBlobStore store, int survive, Death death)
    {
        var faulty = new FaultyBlobStore(store, survive, death);
        var model = new ShardModel();
        int acknowledged = 0;
        try
        {
            await using Shard shard = await OpenAsync(faulty);
            foreach (Operation[] batch in History)
            {
                WriteOutcome[] outcomes = await shard.ApplyAsync(ShardDrawings.Pack(batch));
                Assert.Equal(model.Apply(batch), outcomes);
                acknowledged++;
            }
        }
        catch (IOException) when (faulty.Dead)
        {
            // as intended
        }

        return (acknowledged, faulty.Dead);
    }

    /// <summary>The batch in flight is there or not; sent again, it and the one before have the outcomes they had or would have had.</summary>
    private static async Task AssertRecoveredAsync(IBlobStore store, int acknowledged, string when)
    {
        await using Shard shard = await OpenAsync(store);
        ShardModel without = ShardModel.After(History.Take(acknowledged));
        ShardModel with = ShardModel.After(History.Take(acknowledged + 1));
        try
        {
            ShardComparison.AssertHolds(without, Queries.Fixed, shard);
        }
        catch (Xunit.Sdk.XunitException) when (acknowledged < History.Length)
        {
            ShardComparison.AssertHolds(with, Queries.Fixed, shard);
        }

        foreach (Operation[] batch in History.Take(acknowledged + 1).Skip(Math.Max(0, acknowledged - 3)))
        {
            WriteOutcome[] outcomes = await shard.ApplyAsync(ShardDrawings.Pack(batch));
            Assert.True(with.Apply(batch).SequenceEqual(outcomes), $"another outcome {when}");
        }

        ShardComparison.AssertHolds(with, Queries.Fixed, shard);
    }

    private static Operation Upsert(string key, int bytes) => new(Guid.NewGuid(), key, new ShardModel.Content(new byte[bytes], ["red"], []));

    private static byte[] Pair(int writer, int i) =>
        ShardDrawings.Pack([Upsert($"{writer}/{i}/left", 100), Upsert($"{writer}/{i}/right", 100)]);

    private static Task<Shard> OpenAsync(IBlobStore store) => Shard.OpenAsync(store, "s", ShardDrawings.Tiny, CancellationToken.None);
}
