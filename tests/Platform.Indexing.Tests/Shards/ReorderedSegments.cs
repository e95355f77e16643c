using CsCheck;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;
using Platform.Indexing.Storage;
using Platform.Indexing.Tests.Storage;
using Content = Platform.Indexing.Tests.Shards.ShardModel.Content;
using Operation = Platform.Indexing.Tests.Shards.ShardModel.Operation;

namespace Platform.Indexing.Tests.Shards;

/// <summary>Segments large enough to be reordered: documents of a few topics, so that bisection moves them, with equal scores in plenty.</summary>
public sealed class ReorderedSegments : IDisposable
{
    private const int Topics = 8;
    private const int KeyCount = 700;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shard-");

    /// <summary>Seals after some hundred documents and merges every third file.</summary>
    private static ShardOptions Options => new() { SealAtBytes = 40_000, MergeFactor = 3, MaxDeletedShare = 0.3 };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public Task A_shard_of_reordered_segments_answers_as_its_model_through_deletes_merges_and_reopenings() =>
        Gen.Int[0, int.MaxValue].SampleAsync(seed => RunAsync(new MemoryBlobStore(), seed), iter: 6);

    [Fact]
    public Task A_shard_of_reordered_segments_on_mapped_files_answers_as_its_model() =>
        RunAsync(new FileBlobStore(_folder.FullName, TimeProvider.System), seed: 5);

    [Fact]
    public async Task Opening_a_shard_maps_its_segments_and_reads_none_as_a_whole()
    {
        var files = new FileBlobStore(_folder.FullName, TimeProvider.System);
        await RunAsync(files, seed: 6);
        var watched = new WatchedBlobStore(files);
        await using Shard shard = await Shard.OpenAsync(watched, "s", Options, CancellationToken.None);
        Assert.Contains(watched.Calls, call => call.StartsWith("map s/segments/", StringComparison.Ordinal));
        Assert.DoesNotContain(watched.Calls, call => call.StartsWith("get s/segments/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_approximate_answer_says_what_it_was_run_with_and_holds_only_right_scores()
    {
        var store = new MemoryBlobStore();
        await RunAsync(store, seed: 7);
        await using Shard shard = await Shard.OpenAsync(store, "s", Options, CancellationToken.None);
        var query = ImpactQuery.Quantise([.. Enumerable.Range(0, 40)], [.. Enumerable.Range(1, 40).Select(i => i / 40f)]);
        var exact = shard.Search(query, ShardModel.DocumentScale, 1000, SparsePruning.None, filter: null, CancellationToken.None);
        var pruned = shard.Search(query, ShardModel.DocumentScale, 10, new SparsePruning(0.8f, 0.7f, 1), filter: null, CancellationToken.None);
        Assert.True(exact.Run.Pruning.IsExact);
        Assert.Equal(new SparsePruning(0.8f, 0.7f, 1), pruned.Run.Pruning);
        Assert.Equal(10, pruned.Hits.Length);
        Assert.Subset(exact.Hits.ToHashSet(), pruned.Hits.ToHashSet());
        Assert.InRange(pruned.Run.Postings, 1, pruned.Run.AllPostings);
        Assert.NotEmpty(pruned.Run.Algorithms);
        Assert.True(pruned.Run.Segments > 1);
    }

    [Fact]
    public void Query_term_pruning_keeps_the_strongest_terms_that_hold_the_share()
    {
        var query = ImpactQuery.Quantise([1, 2, 3, 4], [8, -4, 2, 2]);
        Assert.Equal([1, 2], query.KeepShare(0.74).TermIds);
        Assert.Equal([1, 2, 3, 4], query.KeepShare(0.76).TermIds);
        Assert.Equal([1], query.KeepShare(0.01).TermIds);
        Assert.Same(query, query.KeepShare(1));
    }

    private static async Task RunAsync(IBlobStore store, int seed)
    {
        var random = new Random(seed);
        var model = new ShardModel();
        Queries queries = Queries.Fixed with
        {
            Sparse = [ImpactQuery.Quantise([1, 17, 31, 45], [1, 0.5f, 2, 1]), ImpactQuery.Quantise([3, 18], [1, -1])],
            Top = 50,
        };
        Shard shard = await Shard.OpenAsync(store, "s", Options, CancellationToken.None);
        try
        {
            for (int batch = 0; batch < 24; batch++)
            {
                Operation[] operations = [.. Enumerable.Range(0, 60).Select(_ => Draw(random)).DistinctBy(operation => operation.Key)];
                Assert.Equal(model.Apply(operations), await shard.ApplyAsync(ShardDrawings.Pack(operations)));
                if (batch % 8 == 5)
                {
                    await shard.DisposeAsync();
                    shard = await Shard.OpenAsync(store, "s", Options, CancellationToken.None);
                }

                if (batch % 4 == 1)
                {
                    ShardComparison.AssertHolds(model, queries, shard);
                }
            }

            ShardComparison.AssertHolds(model, queries, shard);
        }
        finally
        {
            await shard.DisposeAsync();
        }
    }

    private static Operation Draw(Random random)
    {
        byte[] id = new byte[16];
        random.NextBytes(id);
        string key = $"k{random.Next(KeyCount)}";
        if (random.Next(6) == 0)
        {
            return new Operation(new Guid(id), key, null);
        }

        int topic = random.Next(Topics);
        SortedDictionary<int, byte> sparse = [];
        for (int i = random.Next(12); i > 0; i--)
        {
            sparse[(topic * 6) + random.Next(8)] = (byte)random.Next(1, 4);
        }

        return new Operation(new Guid(id), key, new Content([(byte)topic], [ShardDrawings.Terms[random.Next(3)]], sparse, Vector(random, topic)));
    }

    private static float[]? Vector(Random random, int topic) =>
        random.Next(4) == 0 ? null : [.. Enumerable.Range(0, ShardDrawings.Dimensions).Select(i => random.Next(3) + (i == topic ? 4f : 0))];
}
