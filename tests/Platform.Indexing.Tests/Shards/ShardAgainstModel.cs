using CsCheck;
using Platform.Indexing.Shards;
using Platform.Indexing.Storage;
using Platform.Indexing.Tests.Storage;
using Operation = Platform.Indexing.Tests.Shards.ShardModel.Operation;

namespace Platform.Indexing.Tests.Shards;

public sealed class ShardAgainstModel : IDisposable
{
    private static readonly Gen<Step[]> Histories = Gen.Frequency(
        (8, ShardDrawings.Batches.Select(batch => new Step(batch, 0))),
        (2, Gen.Int[1, 20].Select(back => new Step(null, back))),
        (1, Gen.Const(new Step(null, 0)))).Array[5, 60];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shard-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public Task A_shard_answers_as_its_model_after_every_batch_resending_and_reopening() =>
        Gen.Select(Histories, ShardDrawings.QuerySets).SampleAsync(
            (history, queries) => RunAsync(new MemoryBlobStore(), "t/i/0", history, queries), iter: 60);

    [Fact]
    public Task A_shard_on_files_answers_as_its_model() =>
        Gen.Select(Histories, ShardDrawings.QuerySets, Gen.Guid).SampleAsync(
            (history, queries, name) => RunAsync(new FileBlobStore(_folder.FullName, TimeProvider.System), $"{name:N}", history, queries), iter: 4);

    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    public Task Any_number_of_shards_gives_the_answers_of_one_to_the_bit(int count) =>
        Gen.Select(ShardDrawings.Batches.Array[1, 40], ShardDrawings.QuerySets).SampleAsync(
            async (batches, queries) =>
            {
                var store = new MemoryBlobStore();
                Shard[] shards = await Task.WhenAll(Enumerable.Range(0, count).Select(i => OpenAsync(store, $"t/i/{i}")));
                var model = new ShardModel();
                foreach (Operation[] batch in batches)
                {
                    model.Apply(batch);
                    foreach (IGrouping<Shard, Operation> part in batch.GroupBy(operation => ShardComparison.ShardOf(operation.Key, shards)))
                    {
                        await part.Key.ApplyAsync(ShardDrawings.Pack(part, queries.Precision));
                    }
                }

                ShardComparison.AssertHolds(model, queries, shards);
                foreach (Shard shard in shards)
                {
                    await shard.DisposeAsync();
                }
            },
            iter: 25);

    [Fact]
    public async Task Histories_of_this_length_seal_and_merge()
    {
        var store = new MemoryBlobStore();
        Operation[][] history = ShardDrawings.History(seed: 1, batches: 60);
        await using (Shard shard = await OpenAsync(store, "s"))
        {
            foreach (Operation[] batch in history)
            {
                await shard.ApplyAsync(ShardDrawings.Pack(batch));
            }
        }

        await using Shard reopened = await OpenAsync(store, "s");
        int newest = store.Names.Where(name => name.StartsWith("s/segments/", StringComparison.Ordinal)).Max(name => int.Parse(name[^8..], null));
        Assert.True(newest > 5, "nothing was sealed again and again");
        Assert.InRange(reopened.Measure().Segments, 1, 4);
        ShardComparison.AssertHolds(ShardModel.After(history), Queries.Fixed, reopened);
    }

    [Fact]
    public async Task A_new_shard_is_empty_and_a_destroyed_one_is_new_again()
    {
        var store = new MemoryBlobStore();
        for (int i = 0; i < 2; i++)
        {
            await using (Shard shard = await OpenAsync(store, "s"))
            {
                Assert.Equal(1, shard.Epoch);
                ShardComparison.AssertHolds(new ShardModel(), Queries.Fixed, shard);
                foreach (Operation[] batch in ShardDrawings.History(seed: 2, batches: 30))
                {
                    await shard.ApplyAsync(ShardDrawings.Pack(batch));
                }
            }

            await Shard.DestroyAsync(store, "s", CancellationToken.None);
            Assert.Empty(store.Names);
        }
    }

    [Fact]
    public async Task Disposing_a_shard_twice_does_nothing_more()
    {
        Shard shard = await OpenAsync(new MemoryBlobStore(), "s");
        await shard.DisposeAsync();
        await shard.DisposeAsync();
    }

    private static Task<Shard> OpenAsync(IBlobStore store, string folder) => Shard.OpenAsync(store, folder, ShardDrawings.Tiny, CancellationToken.None);

    private static async Task RunAsync(IBlobStore store, string folder, Step[] history, Queries queries)
    {
        var model = new ShardModel();
        List<Operation[]> sent = [];
        Shard shard = await OpenAsync(store, folder);
        try
        {
            foreach (Step step in history)
            {
                Operation[]? batch = step.Batch ?? (step.ResendBack > 0 && sent.Count >= step.ResendBack ? sent[^step.ResendBack] : null);
                if (batch is null)
                {
                    await shard.DisposeAsync();
                    shard = await OpenAsync(store, folder);
                }
                else
                {
                    sent.Add(batch);
                    Assert.Equal(model.Apply(batch), await shard.ApplyAsync(ShardDrawings.Pack(batch, queries.Precision)));
                }

                ShardComparison.AssertHolds(model, queries, shard);
            }
        }
        finally
        {
            await shard.DisposeAsync();
        }
    }

    /// <summary>A batch; or the batch sent so many steps before, again; or closing and opening.</summary>
    private sealed record Step(Operation[]? Batch, int ResendBack);
}
