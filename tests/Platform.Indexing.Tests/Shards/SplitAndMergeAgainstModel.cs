using System.Globalization;
using CsCheck;
using Platform.Indexing.Shards;
using Platform.Indexing.Storage;
using Platform.Indexing.Tests.Storage;
using Operation = Platform.Indexing.Tests.Shards.ShardModel.Operation;

namespace Platform.Indexing.Tests.Shards;

/// <summary>An index whose shards split, merge, compact and are reopened answers as one dictionary, to the bit, at every moment.</summary>
public sealed class SplitAndMergeAgainstModel
{
    private static readonly Gen<Step> Steps = Gen.Frequency(
        (8, ShardDrawings.Batches.Select(batch => new Step(StepKind.Write, batch, 0))),
        (2, Gen.Int[1, 20].Select(back => new Step(StepKind.Resend, null, back))),
        (2, Gen.Int[0, 63].Select(at => new Step(StepKind.Split, null, at))),
        (2, Gen.Int[0, 63].Select(at => new Step(StepKind.Merge, null, at))),
        (1, Gen.Int[0, 63].Select(at => new Step(StepKind.Compact, null, at))),
        (1, Gen.Int[0, 63].Select(at => new Step(StepKind.Reopen, null, at))),
        (1, Gen.Int[0, 63].Select(at => new Step(StepKind.RetireAndRevive, null, at))));

    [Fact]
    public Task Shards_that_split_merge_and_compact_answer_as_their_model() =>
        Gen.Select(Steps.Array[5, 50], ShardDrawings.QuerySets).SampleAsync(RunAsync, iter: 40);

    [Fact]
    public async Task What_a_split_made_is_the_same_made_again_and_once_opened_stays()
    {
        var store = new MemoryBlobStore();
        await using (Shard parent = await OpenAsync(store, 0))
        {
            await WriteAsync(parent, seed: 3);
            await parent.RetireAsync("split");
        }

        await Shard.MakeAsync(store, "t/i/1", new BucketRange(0, 2047), ["t/i/0"], default);
        var first = store.Names.Where(name => name.StartsWith("t/i/1/", StringComparison.Ordinal)).ToDictionary(name => name, name => Convert.ToHexString(store[name]));
        await Shard.MakeAsync(store, "t/i/1", new BucketRange(0, 2047), ["t/i/0"], default);
        Assert.All(first, blob => Assert.Equal(blob.Value, Convert.ToHexString(store[blob.Key])));

        await using Shard child = await OpenAsync(store, 1);
        string opened = Convert.ToHexString(store["t/i/1/manifest"]);
        await Shard.MakeAsync(store, "t/i/1", new BucketRange(0, 2047), ["t/i/0"], default);
        Assert.Equal(opened, Convert.ToHexString(store["t/i/1/manifest"]));
    }

    [Fact]
    public async Task A_compacted_child_needs_its_parent_no_more()
    {
        var store = new MemoryBlobStore();
        Operation[][] history = ShardDrawings.History(seed: 4, batches: 40);
        await using (Shard parent = await OpenAsync(store, 0))
        {
            foreach (Operation[] batch in history)
            {
                await parent.ApplyAsync(ShardDrawings.Pack(batch));
            }

            await parent.RetireAsync("split");
        }

        BucketRange[] ranges = [new(0, 1023), new(1024, 4095)];
        for (int i = 0; i < ranges.Length; i++)
        {
            await Shard.MakeAsync(store, Folder(i + 1), ranges[i], [Folder(0)], default);
            await using Shard child = await OpenAsync(store, i + 1);
            Assert.Equal(["0"], child.Measure().BorrowedFrom);
            await child.CompactAsync();
            Assert.Empty(child.Measure().BorrowedFrom);
        }

        await Shard.DestroyAsync(store, Folder(0), default);
        Shard[] children = [await OpenAsync(store, 1), await OpenAsync(store, 2)];
        ShardComparison.AssertHolds(ShardModel.After(history), Queries.Fixed, children);
        foreach (Shard child in children)
        {
            await child.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_retired_shard_is_read_and_refuses_writes_also_after_it_was_reopened()
    {
        var store = new MemoryBlobStore();
        byte[] write = ShardDrawings.Pack([new Operation(Guid.NewGuid(), "a", null)]);
        await using (Shard shard = await OpenAsync(store, 0))
        {
            await WriteAsync(shard, seed: 5);
            await shard.RetireAsync("op-7");
            var refused = await Assert.ThrowsAsync<WrongShardException>(() => shard.ApplyAsync(write));
            Assert.Contains("op-7", refused.Message, StringComparison.Ordinal);
        }

        await using Shard again = await OpenAsync(store, 0);
        Assert.Equal("op-7", again.Measure().RetiredBy);
        Assert.True(again.Measure().Documents > 0);
        await Assert.ThrowsAsync<WrongShardException>(() => again.ApplyAsync(write));
        await again.ReviveAsync();
        Assert.Single(await again.ApplyAsync(write));
    }

    [Fact]
    public async Task A_batch_with_a_key_of_another_bucket_is_refused_whole()
    {
        var store = new MemoryBlobStore();
        await Shard.MakeAsync(store, Folder(0), new BucketRange(0, 2047), [], default);
        await using Shard shard = await OpenAsync(store, 0);
        string inside = ShardDrawings.Keys.First(key => Shard.BucketOf(key) <= 2047);
        string outside = ShardDrawings.Keys.First(key => Shard.BucketOf(key) > 2047);
        Operation[] both = [Upsert(inside), Upsert(outside)];
        await Assert.ThrowsAsync<WrongShardException>(() => shard.ApplyAsync(ShardDrawings.Pack(both)));
        Assert.Equal(0, shard.Measure().Documents);
        Assert.Equal([WriteOutcome.Created], await shard.ApplyAsync(ShardDrawings.Pack([both[0]])));
    }

    [Fact]
    public async Task A_target_is_made_of_retired_shards_only_and_opened_only_once_made()
    {
        var store = new MemoryBlobStore();
        await using Shard parent = await OpenAsync(store, 0);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Shard.MakeAsync(store, Folder(1), BucketRange.All, [Folder(0)], default));
        await Assert.ThrowsAsync<ShardMissingException>(() => Shard.OpenMadeAsync(store, Folder(1), ShardDrawings.Tiny, default));
        Assert.DoesNotContain(store.Names, name => name.StartsWith("t/i/1/", StringComparison.Ordinal));
    }

    [Fact]
    public void A_union_of_rings_remembers_all_and_shrinks_as_new_operations_come()
    {
        RecentOperations[] rings = [.. Enumerable.Range(0, 3).Select(ring => Ring(ring, RecentOperations.Capacity))];
        RecentOperations union = RecentOperations.Union(rings);
        Assert.All(Enumerable.Range(0, 3), ring => Assert.True(union.TryGet(Id(ring, 0), out _)));
        union = RecentOperations.FromBytes(union.ToBytes());
        for (int i = 0; i < 2 * RecentOperations.Capacity; i++)
        {
            union.Add(Id(9, i), WriteOutcome.Created);
        }

        Assert.Equal(RecentOperations.Capacity, union.ToBytes().Length / 17);
        Assert.True(union.TryGet(Id(9, RecentOperations.Capacity), out _));
    }

    private static RecentOperations Ring(int ring, int count)
    {
        var operations = new RecentOperations();
        for (int i = 0; i < count; i++)
        {
            operations.Add(Id(ring, i), WriteOutcome.Created);
        }

        return operations;
    }

    private static Guid Id(int ring, int i) => new(ring, 0, 0, BitConverter.GetBytes((long)i));

    private static Operation Upsert(string key) => new(Guid.NewGuid(), key, new ShardModel.Content([1], ["red"], []));

    private static async Task WriteAsync(Shard shard, int seed)
    {
        foreach (Operation[] batch in ShardDrawings.History(seed, batches: 30))
        {
            await shard.ApplyAsync(ShardDrawings.Pack(batch));
        }
    }

    private static string Folder(int ordinal) => string.Create(CultureInfo.InvariantCulture, $"t/i/{ordinal}");

    private static Task<Shard> OpenAsync(IBlobStore store, int ordinal) => Shard.OpenAsync(store, Folder(ordinal), ShardDrawings.Tiny, CancellationToken.None);

    private static async Task RunAsync(Step[] history, Queries queries)
    {
        var store = new MemoryBlobStore();
        await Shard.MakeAsync(store, Folder(0), BucketRange.All, [], default);
        var model = new ShardModel();
        List<(int Ordinal, Shard Shard)> open = [(0, await OpenAsync(store, 0))];
        List<Operation[]> sent = [];
        int next = 1;
        foreach (Step step in history)
        {
            int at = step.Number % open.Count;
            switch (step.Kind)
            {
                case StepKind.Write or StepKind.Resend when (step.Batch ?? (step.Number <= sent.Count ? sent[^step.Number] : null)) is { } batch:
                    sent.Add(batch);
                    await ApplyAsync(model, batch, queries, [.. open.Select(shard => shard.Shard)]);
                    break;
                case StepKind.Split when open[at].Shard.Buckets!.Value is var range && range.Last - range.First >= 8 && open.Count < 12:
                    int middle = range.First + ((range.Last - range.First) / (2 + (step.Number % 3)));
                    next = await ReplaceAsync(store, open, at, 1, [range with { Last = middle }, range with { First = middle + 1 }], next);
                    break;
                case StepKind.Merge when open.Count > 1:
                    int first = Math.Min(at, open.Count - 2);
                    int count = Math.Min(2 + (step.Number % 2), open.Count - first);
                    var whole = new BucketRange(open[first].Shard.Buckets!.Value.First, open[first + count - 1].Shard.Buckets!.Value.Last);
                    next = await ReplaceAsync(store, open, first, count, [whole], next);
                    break;
                case StepKind.Compact:
                    await open[at].Shard.CompactAsync();
                    break;
                case StepKind.Reopen:
                    await open[at].Shard.DisposeAsync();
                    open[at] = (open[at].Ordinal, await OpenAsync(store, open[at].Ordinal));
                    break;
                case StepKind.RetireAndRevive:
                    await open[at].Shard.RetireAsync("changed its mind");
                    await open[at].Shard.ReviveAsync();
                    break;
            }

            await DestroyUnneededAsync(store, open);
            ShardComparison.AssertHolds(model, queries, [.. open.Select(shard => shard.Shard)]);
        }

        foreach ((_, Shard shard) in open)
        {
            await shard.DisposeAsync();
        }
    }

    private static async Task ApplyAsync(ShardModel model, Operation[] batch, Queries queries, Shard[] shards)
    {
        WriteOutcome[] expected = model.Apply(batch);
        foreach (var part in batch.Select((operation, i) => (Operation: operation, i)).GroupBy(entry => ShardComparison.ShardOf(entry.Operation.Key, shards)))
        {
            Assert.Equal(part.Select(entry => expected[entry.i]), await part.Key.ApplyAsync(ShardDrawings.Pack(part.Select(entry => entry.Operation), queries.Precision)));
        }
    }

    /// <summary>Retires some neighbours and puts new shards in their place.</summary>
    private static async Task<int> ReplaceAsync(IBlobStore store, List<(int Ordinal, Shard Shard)> open, int at, int count, BucketRange[] targets, int next)
    {
        (int Ordinal, Shard Shard)[] sources = [.. open.Skip(at).Take(count)];
        foreach ((_, Shard source) in sources)
        {
            await source.RetireAsync($"change {next}");
        }

        open.RemoveRange(at, count);
        foreach (BucketRange target in targets)
        {
            await Shard.MakeAsync(store, Folder(next), target, [.. sources.Select(source => Folder(source.Ordinal))], default);
            open.Insert(at++, (next, await OpenAsync(store, next)));
            next++;
        }

        foreach ((_, Shard source) in sources)
        {
            await source.DisposeAsync();
        }

        return next;
    }

    /// <summary>Destroys what no shard is made of any more: a shard that looked into one afterwards would fail.</summary>
    private static async Task DestroyUnneededAsync(MemoryBlobStore store, List<(int Ordinal, Shard Shard)> open)
    {
        HashSet<string> needed = [.. open.SelectMany(shard => shard.Shard.Measure().BorrowedFrom.Append(shard.Ordinal.ToString(CultureInfo.InvariantCulture)))];
        foreach (string folder in store.Names.Select(name => name.Split('/')[2]).Distinct().Where(folder => !needed.Contains(folder)).ToArray())
        {
            await Shard.DestroyAsync(store, $"t/i/{folder}", default);
        }
    }

    private enum StepKind
    {
        Write,
        Resend,
        Split,
        Merge,
        Compact,
        Reopen,
        RetireAndRevive,
    }

    private sealed record Step(StepKind Kind, Operation[]? Batch, int Number);
}
