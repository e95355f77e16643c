using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Silo.Tests.Elastic;

/// <summary>Shards split and merge while their index is read and written.</summary>
public sealed class SplitAndMergeTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    [Fact]
    public async Task Answers_are_the_same_to_the_bit_before_during_and_after_a_split_into_8_and_a_merge_into_2()
    {
        await silo.CreateAsync("same", 1);
        var index = new IndexDriver(silo, "same");
        await FillAsync(index, 400);
        string[] queries = ["common", "odd third", "word17 even", "fifth common third"];
        var before = new Dictionary<string, (string, double)[]>();
        foreach (string query in queries)
        {
            before[query] = await index.SearchAsync(query);
        }

        int compared = 0;
        foreach (Func<Task> begin in (Func<Task>[])[() => index.Index.SplitAsync(null, 8, default), () => index.Index.MergeAsync(null, 2, default)])
        {
            CallContext.ActFor("acme");
            await begin();
            Task<IndexOperation> end = index.EndAsync();
            do
            {
                string query = queries[compared++ % queries.Length];
                Assert.Equal(before[query], await index.SearchAsync(query));
            }
            while (!end.IsCompleted);
            Assert.Equal(IndexOperationState.Done, (await end).State);
        }

        foreach (string query in queries)
        {
            Assert.Equal(before[query], await index.SearchAsync(query));
        }

        Assert.True(compared > queries.Length, "no query ran during the changes");
        CallContext.ActFor("acme");
        IndexDefinition? after = await index.Index.GetAsync(default);
        Assert.Equal([(9, 0, 2047), (10, 2048, 4095)], after!.Shards.Ranges.Select(range => (range.Ordinal, range.FirstBucket, range.LastBucket)));
        Assert.Equal(4, after.Shards.Version);
        await index.CleanedAsync();
        await index.AssertHoldsAsync();
    }

    [Fact]
    public async Task Every_write_during_splits_and_merges_is_acknowledged_and_found_at_once()
    {
        await silo.CreateAsync("busy", 1);
        var index = new IndexDriver(silo, "busy");
        await FillAsync(index, 200);
        (IndexOperationKind Kind, int Into)[] plan = [(IndexOperationKind.Split, 4), (IndexOperationKind.Merge, 2), (IndexOperationKind.Split, 8), (IndexOperationKind.Merge, 1)];
        int written = 0;
        foreach ((IndexOperationKind kind, int into) in plan)
        {
            CallContext.ActFor("acme");
            await (kind == IndexOperationKind.Split ? index.Index.SplitAsync(null, into, default) : index.Index.MergeAsync(null, into, default));
            Task<IndexOperation> end = index.EndAsync();
            do
            {
                IngestItem item = IndexDriver.Upsert($"w{written % 150}", $"common fresh{written++}");
                Assert.InRange(Assert.Single(await index.ApplyAsync(item)), ItemStatus.Created, ItemStatus.Updated);
                Assert.Equal([item.DocumentKey], (await index.SearchAsync(item.Text!.Split(' ')[1])).Select(hit => hit.Key));
                Assert.InRange(Assert.Single(await index.ApplyAsync(item)), ItemStatus.Created, ItemStatus.Updated);
                Assert.Single(await index.ApplyAsync(IndexDriver.Delete($"k{written % 200}")));
            }
            while (!end.IsCompleted);
            Assert.Equal(IndexOperationState.Done, (await end).State);
            CallContext.ActFor("acme");
            Assert.Equal(into, (await index.Index.GetAsync(default))!.Shards.Ranges.Length);
        }

        await index.CleanedAsync();
        await index.AssertHoldsAsync();
    }

    [Fact]
    public async Task An_operation_sent_again_after_a_split_and_a_merge_has_its_first_outcome()
    {
        await silo.CreateAsync("again", 2);
        var index = new IndexDriver(silo, "again");
        IngestItem[] created = [.. Enumerable.Range(0, 50).Select(i => IndexDriver.Upsert($"k{i}", $"common first{i}"))];
        await index.ApplyAsync(created);
        await index.ApplyAsync([.. Enumerable.Range(0, 50).Select(i => IndexDriver.Upsert($"k{i}", $"common second{i}"))]);
        var texts = index.Texts.ToDictionary();
        foreach (int into in (int[])[8, 1])
        {
            CallContext.ActFor("acme");
            await (into == 8 ? index.Index.SplitAsync(null, into, default) : index.Index.MergeAsync(null, into, default));
            Assert.Equal(IndexOperationState.Done, (await index.EndAsync()).State);
            Assert.All(await index.ApplyAsync(created), status => Assert.Equal(ItemStatus.Created, status));
        }

        index.Texts.Clear();
        texts.ToList().ForEach(text => index.Texts[text.Key] = text.Value);
        await index.AssertHoldsAsync();
    }

    [Fact]
    public async Task A_cancelled_split_is_taken_back_or_done_and_loses_nothing()
    {
        await silo.CreateAsync("cancel", 1);
        var index = new IndexDriver(silo, "cancel");
        await FillAsync(index, 100);
        CallContext.ActFor("acme");
        IndexOperation begun = await index.Index.SplitAsync(null, 2, default);
        Assert.Equal(begun.Id, (await index.Index.CancelOperationAsync(begun.Id, default)).Id);
        IndexOperation ended = await index.EndAsync();
        Assert.Equal(begun.Id, ended.Id);
        Assert.Contains(ended.State, (IndexOperationState[])[IndexOperationState.Cancelled, IndexOperationState.Done]);
        CallContext.ActFor("acme");
        Assert.Equal(ended.State == IndexOperationState.Done ? 2 : 1, (await index.Index.GetAsync(default))!.Shards.Ranges.Length);
        await FillAsync(index, 120);
        await index.AssertHoldsAsync();
    }

    [Fact]
    public async Task A_shard_that_was_retired_for_no_operation_takes_writes_again_once_a_write_finds_it_so()
    {
        await silo.CreateAsync("mended", 1);
        var index = new IndexDriver(silo, "mended");
        await FillAsync(index, 10);
        CallContext.ActFor("acme");
        IndexDefinition definition = (await index.Index.GetAsync(default))!;
        await silo.Grains.GetGrain<IShardGrain>($"acme/mended/{definition.Generation}/0").RetireAsync("forgotten", default);
        Assert.Equal([ItemStatus.Updated], await index.ApplyAsync(IndexDriver.Upsert("k1", "common mended")));
        await index.AssertHoldsAsync();
    }

    [Fact]
    public async Task What_can_not_be_done_is_refused_with_the_reason()
    {
        await silo.CreateAsync("refused", 4);
        IIndexGrain index = silo.Grains.GetGrain<IIndexGrain>("acme/refused");
        CallContext.ActFor("acme");
        (Func<Task> Call, FaultKind Kind, string Says)[] cases =
        [
            (() => index.SplitAsync(null, 6, default), FaultKind.Invalid, "4 shards can't split into 6"),
            (() => index.SplitAsync(null, 512, default), FaultKind.Invalid, "it may have 256"),
            (() => index.SplitAsync(7, 2, default), FaultKind.NotFound, "no shard 7; its shards are 0, 1, 2, 3"),
            (() => index.MergeAsync(null, 3, default), FaultKind.Invalid, "4 shards can't merge into 3"),
            (() => index.MergeAsync([0, 2], 1, default), FaultKind.Invalid, "no neighbours"),
            (() => index.CancelOperationAsync("split-1", default), FaultKind.NotFound, "no operation 'split-1'"),
        ];
        foreach ((Func<Task> call, FaultKind kind, string says) in cases)
        {
            var refused = await Assert.ThrowsAsync<PlatformException>(call);
            Assert.Equal(kind, refused.Kind);
            Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        }

        IndexOperation running = await index.SplitAsync(null, 8, default);
        var conflict = await Assert.ThrowsAsync<PlatformException>(() => index.SplitAsync(null, 16, default));
        Assert.Equal(FaultKind.Conflict, conflict.Kind);
        Assert.Contains(running.Id, conflict.Message, StringComparison.Ordinal);
        await new IndexDriver(silo, "refused").EndAsync();
    }

    [Fact]
    public async Task A_write_to_a_shard_that_does_not_own_the_document_is_refused_as_such()
    {
        IndexDefinition definition = await silo.CreateAsync("owned", 2);
        CallContext.ActFor("acme");
        var batch = new Platform.Indexing.Shards.ShardBatch();
        int other = 1 - definition.Shards.ShardOf(Platform.Indexing.Shards.Shard.BucketOf("key"));
        batch.Delete(Guid.NewGuid(), "key");
        var write = new ShardWrite { Operations = batch.ToArray() };
        var refused = await Assert.ThrowsAsync<PlatformException>(
            () => silo.Grains.GetGrain<IShardGrain>($"acme/owned/{definition.Generation}/{other}").ApplyAsync(write, default));
        Assert.Equal(FaultKind.WrongShard, refused.Kind);
    }

    private static async Task FillAsync(IndexDriver index, int documents)
    {
        string[] words = ["odd", "even", "third", "fifth"];
        await index.ApplyAsync([.. Enumerable.Range(0, documents).Select(i => IndexDriver.Upsert(
            $"k{i}", $"common word{i} {words[i % 2]} {(i % 3 == 0 ? words[2] : "")} {(i % 5 == 0 ? words[3] + " fifth" : "")}"))]);
    }
}
