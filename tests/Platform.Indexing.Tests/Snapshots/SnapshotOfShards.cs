using System.Globalization;
using CsCheck;
using Platform.Indexing.Shards;
using Platform.Indexing.Snapshots;
using Platform.Indexing.Storage;
using Platform.Indexing.Tests.Shards;
using Platform.Indexing.Tests.Storage;
using Platform.Testing;
using Operation = Platform.Indexing.Tests.Shards.ShardModel.Operation;

namespace Platform.Indexing.Tests.Snapshots;

/// <summary>What a cut holds, whatever is written, sealed and merged before it is copied, and however it is divided when it is restored.</summary>
public sealed class SnapshotOfShards(TestStores stores) : IClassFixture<TestStores>
{
    [Fact]
    public Task A_restored_cut_answers_as_the_shard_did_at_that_moment() =>
        Gen.Select(ShardDrawings.Batches.Array[0, 25], ShardDrawings.Batches.Array[0, 25], ShardDrawings.QuerySets, Gen.OneOf(1, 2, 4)).SampleAsync(
            (before, after, queries, shards) => RunAsync(new MemoryBlobStore(), before, after, queries, shards), iter: 40);

    [Theory]
    [InlineData(StoreKind.Files)]
    [AzuriteData(StoreKind.Azurite)]
    public async Task A_cut_is_restored_in_any_store(StoreKind kind) => await RunAsync(
        (await stores.NewAsync(kind))(), ShardDrawings.History(seed: 10, batches: 12), ShardDrawings.History(seed: 11, batches: 12), Queries.Fixed, shards: 2);

    [Fact]
    public async Task Writes_wait_while_they_are_held_and_what_only_a_cut_needs_is_deleted_after_it()
    {
        var store = new MemoryBlobStore();
        await using Shard shard = await Shard.OpenAsync(store, "s/t/i/1/0", ShardDrawings.Tiny, default);
        Operation[][] history = ShardDrawings.History(seed: 8, batches: 30);
        foreach (Operation[] batch in history[..5])
        {
            await shard.ApplyAsync(ShardDrawings.Pack(batch));
        }

        await shard.SealAsync();
        ShardCut cut = shard.Cut(TimeSpan.FromMinutes(1));
        await cut.Held;
        Task<WriteOutcome[]> waiting = shard.ApplyAsync(ShardDrawings.Pack(history[5]));
        string[] held = [.. store.Names];
        Assert.False(waiting.IsCompleted);
        Assert.True(cut.Release());
        await waiting;
        foreach (Operation[] batch in history[6..])
        {
            await shard.ApplyAsync(ShardDrawings.Pack(batch));
        }

        await shard.SealAsync();
        string[] segments = [.. held.Where(name => name.Contains("/segments/", StringComparison.Ordinal))];
        Assert.NotEmpty(segments);
        Assert.All(segments, name => Assert.Contains(name, store.Names));
        await cut.DisposeAsync();
        Assert.All(segments, name => Assert.DoesNotContain(name, store.Names));
    }

    [Fact]
    public async Task A_cut_that_was_held_too_long_says_so()
    {
        await using Shard shard = await Shard.OpenAsync(new MemoryBlobStore(), "s/t/i/1/0", ShardDrawings.Tiny, default);
        await using ShardCut cut = shard.Cut(TimeSpan.Zero);
        await cut.Held;
        await shard.ApplyAsync(ShardDrawings.Pack(ShardDrawings.History(seed: 9, batches: 1)[0]));
        Assert.False(cut.Release());
    }

    private static async Task RunAsync(IBlobStore store, Operation[][] before, Operation[][] after, Queries queries, int shards)
    {
        var model = new ShardModel();
        await using Shard shard = await Shard.OpenAsync(store, "s/t/i/1/0", ShardDrawings.Tiny, default);
        foreach (Operation[] batch in before)
        {
            model.Apply(batch);
            await shard.ApplyAsync(ShardDrawings.Pack(batch, queries.Precision));
        }

        ShardSnapshot copied;
        await using (ShardCut cut = shard.Cut(TimeSpan.FromMinutes(1)))
        {
            await cut.Held;
            Assert.True(cut.Release());
            foreach (Operation[] batch in after)
            {
                await shard.ApplyAsync(ShardDrawings.Pack(batch, queries.Precision));
            }

            await shard.SealAsync();
            copied = await cut.CopyAsync(store, "s/t/i/1/0", "files", new Dictionary<string, SnapshotFile>(), new CopyProgress(), default);
        }

        List<Shard> restored = [];
        int width = 4096 / shards;
        for (int i = 0; i < shards; i++)
        {
            string folder = string.Create(CultureInfo.InvariantCulture, $"s/t/j/1/{i}");
            await SnapshotRestore.MakeAsync(store, [copied], "files", folder, new BucketRange(i * width, ((i + 1) * width) - 1), new CopyProgress(), default);
            restored.Add(await Shard.OpenMadeAsync(store, folder, ShardDrawings.Tiny, default));
        }

        ShardComparison.AssertHolds(model, queries, [.. restored]);
        foreach (Shard one in restored)
        {
            await one.DisposeAsync();
        }
    }
}
