using CsCheck;
using Platform.Indexing.Fields;
using Platform.Indexing.Shards;
using Platform.Indexing.Tests.Shards;
using Platform.Indexing.Tests.Storage;
using Operation = Platform.Indexing.Tests.Shards.ShardModel.Operation;

namespace Platform.Indexing.Tests.Fields;

/// <summary>Deletes by filter, in batches, through crashes.</summary>
public sealed class MatchingDeletesTests
{
    [Fact]
    public async Task A_delete_by_filter_leaves_what_does_not_match_also_after_a_crash_behind_any_batch() =>
        await Gen.Select(ShardDrawings.Batches.Array[5, 25], ShardDrawings.QuerySets, Gen.Int[1, 3]).SampleAsync(
            async (batches, queries, most) =>
            {
                FieldFilter filter = queries.Filters[0];
                var store = new MemoryBlobStore();
                var model = new ShardModel();
                await using Shard shard = await OpenAsync(store);
                foreach (Operation[] batch in batches)
                {
                    model.Apply(batch);
                    await shard.ApplyAsync(ShardDrawings.Pack(batch, queries.Precision));
                }

                int left = model.Matching(filter).Documents.Count;
                int deleted;
                do
                {
                    deleted = await shard.DeleteMatchingAsync(filter, most);
                    Assert.Equal(Math.Min(most, left), deleted);
                    left -= deleted;
                    Assert.Equal(left, shard.Count(filter, CancellationToken.None));
                    await using Shard afterCrash = await OpenAsync(store.Copy());        // the files as they are now, with nobody told
                    Assert.Equal(left, afterCrash.Count(filter, CancellationToken.None));
                }
                while (deleted == most);
                ShardComparison.AssertHolds(model.Matching(new FieldFilter.Except(filter)), queries, shard);
                await using Shard reopened = await OpenAsync(store.Copy());
                ShardComparison.AssertHolds(model.Matching(new FieldFilter.Except(filter)), queries, reopened);
            },
            iter: 20);

    [Fact]
    public async Task A_retired_shard_refuses_to_delete_and_goes_on()
    {
        await using Shard shard = await OpenAsync(new MemoryBlobStore());
        await shard.ApplyAsync(ShardDrawings.Pack(ShardDrawings.History(seed: 4, batches: 5).SelectMany(batch => batch)));
        long before = shard.Count(null, CancellationToken.None);
        await shard.RetireAsync("split-1");
        await Assert.ThrowsAsync<WrongShardException>(() => shard.DeleteMatchingAsync(new FieldFilter.Every([]), 10));
        Assert.Equal(before, shard.Count(null, CancellationToken.None));
        await shard.ReviveAsync();
        Assert.Equal(Math.Min(10, before), await shard.DeleteMatchingAsync(new FieldFilter.Every([]), 10));
    }

    [Fact]
    public async Task Damage_of_the_columns_fails_what_needs_them_and_nothing_else()
    {
        var store = new MemoryBlobStore();
        Operation[][] history = ShardDrawings.History(seed: 5, batches: 20);
        await using (Shard whole = await OpenAsync(store))
        {
            await whole.ApplyAsync(ShardDrawings.Pack(history.SelectMany(batch => batch)));
            await whole.SealAsync();
        }

        string name = store.Names.First(blob => blob.Contains("/segments/", StringComparison.Ordinal));
        byte[] file = store[name];
        (ReadOnlyMemory<byte> part, long offset) = SegmentFile.Read(name, file).Unchecked(SegmentFile.Part.Fields);
        file[offset + (part.Length / 2)] ^= 4;
        store[name] = file;

        await using Shard shard = await OpenAsync(store);
        FieldFilter filter = FilterOracle.Fixed[0];
        Assert.Contains("part Fields", Assert.Throws<SegmentFormatException>(() => shard.Count(filter, CancellationToken.None)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SegmentFormatException>(() => shard.DeleteMatchingAsync(filter, 10));
        Assert.Equal(ShardModel.After(history).Documents.Count, shard.Count(null, CancellationToken.None));
        Assert.Equal(WriteOutcome.NotFound, Assert.Single(await shard.ApplyAsync(ShardDrawings.Pack([new Operation(Guid.NewGuid(), "nobody", null)]))));
    }

    private static Task<Shard> OpenAsync(MemoryBlobStore store) => Shard.OpenAsync(store, "s", ShardDrawings.Tiny, CancellationToken.None);
}
