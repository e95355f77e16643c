using Platform.Indexing.Dense;

namespace Platform.Indexing.Tests.Dense;

public sealed class HnswBuildTests
{
    private static readonly HnswOptions Small = new() { M = 8, EfConstruction = 64 };

    [Fact]
    public void A_graph_is_the_same_on_any_number_of_threads()
    {
        DenseMemorySegment rows = DenseCollection.Drawn(1, 3000, 20, VectorPrecision.Float32, gaps: false).InMemory();
        string one = Links(HnswBuilder.Build(rows, Small, threads: 1, CancellationToken.None));
        Assert.Equal(one, Links(HnswBuilder.Build(rows, Small, threads: 2, CancellationToken.None)));
        Assert.Equal(one, Links(HnswBuilder.Build(rows, Small, threads: 5, CancellationToken.None)));
        Assert.NotEqual(one, Links(HnswBuilder.Build(rows, Small with { Seed = 1 }, threads: 2, CancellationToken.None)));
    }

    [Fact]
    public void A_graph_that_grows_with_its_vectors_finds_what_one_built_at_once_finds()
    {
        var collection = DenseCollection.Drawn(2, 2000, 20, VectorPrecision.Float32, gaps: false);
        var rows = new DenseMemorySegment(collection.Layout);
        var graph = new HnswMemoryGraph(Small);
        var builder = new HnswBuilder(rows, graph, threads: 2);
        builder.Extend(CancellationToken.None);
        Assert.Empty(new DenseSearcher().Search(rows, graph, new float[20], 3, default, 9, DenseAlgorithm.Hnsw).Hits);
        foreach (float[]? vector in collection.Vectors)
        {
            rows.Add(rows.Count, vector);
            if (rows.Count % 177 == 0)
            {
                builder.Extend(CancellationToken.None);
            }
        }

        builder.Extend(CancellationToken.None);
        Assert.Equal(rows.Count, graph.Count);
        double atOnce = RecallOf(rows, HnswBuilder.Build(rows, Small, threads: 2, CancellationToken.None), []);
        Assert.InRange(RecallOf(rows, graph, []), atOnce - 0.01, 1);
    }

    [Theory]
    [InlineData("drawn")]
    [InlineData("runs")]
    [InlineData("nearest")]
    public void Deletes_and_updates_of_30_percent_keep_recall_within_a_hundredth_of_a_fresh_build(string pattern)
    {
        const int Count = 3000;
        const int Replaced = Count * 3 / 10;
        var collection = DenseCollection.Drawn(3, Count, 24, VectorPrecision.Float32, gaps: false);
        DenseMemorySegment before = collection.InMemory();
        HnswMemoryGraph graph = HnswBuilder.Build(before, Small, threads: 2, CancellationToken.None);
        var random = new Random(4);
        HashSet<int> gone = pattern switch
        {
            "drawn" => [.. SplitMix.Order(9, Count).Take(Replaced)],
            "runs" => [.. Enumerable.Range(0, Count).Where(row => row % 1000 < 300)],
            _ => [.. new DenseSearcher().Search(before, collection.Vectors[0], Replaced).Hits.Select(hit => hit.DocId)],
        };
        ulong[] deleted = new ulong[(Count + 63) / 64];
        foreach (int docId in gone)
        {
            deleted[docId >> 6] |= 1UL << docId;
        }

        double fresh = RecallOf(before, graph, []);
        Assert.InRange(RecallOf(before, graph, deleted), fresh - 0.01, 1);          // still in the segment: passed through

        var after = new DenseMemorySegment(collection.Layout);
        int[] newRows = new int[Count];
        for (int row = 0; row < Count; row++)
        {
            newRows[row] = gone.Contains(row) ? -1 : after.Add(after.Count, collection.Vectors[row]);
            if (newRows[row] < 0 && row % 2 == 0)                                  // half of them come back changed
            {
                after.Add(after.Count, DenseCollection.Vector(random, 24, 1, coarse: false));
            }
        }

        HnswMemoryGraph merged = HnswMerge.Run(after, graph, newRows, Small, threads: 2, CancellationToken.None);
        Assert.Equal(after.Count, merged.Count);
        Assert.NotEqual(Links(HnswBuilder.Build(after, Small, threads: 2, CancellationToken.None)), Links(merged));
        fresh = RecallOf(after, HnswBuilder.Build(after, Small, threads: 2, CancellationToken.None), []);
        Assert.InRange(RecallOf(after, merged, []), fresh - 0.01, 1);
    }

    [Fact]
    public void A_graph_that_lost_too_much_is_built_anew()
    {
        var collection = DenseCollection.Drawn(5, 500, 12, VectorPrecision.Int8, gaps: false);
        DenseMemorySegment rows = collection.InMemory();
        HnswMemoryGraph graph = HnswBuilder.Build(rows, Small, threads: 1, CancellationToken.None);
        var after = new DenseMemorySegment(collection.Layout);
        int[] newRows = [.. Enumerable.Range(0, 500).Select(row => row % 5 < 2 ? -1 : after.Add(after.Count, collection.Vectors[row]))];
        Assert.False(HnswMerge.IsKept(500, after.Count, after.Count));
        Assert.Equal(
            Links(HnswBuilder.Build(after, Small, threads: 1, CancellationToken.None)),
            Links(HnswMerge.Run(after, graph, newRows, Small, threads: 1, CancellationToken.None)));
        Assert.True(HnswMerge.IsKept(1000, 700, 2800));
        Assert.False(HnswMerge.IsKept(1000, 700, 2801));
        Assert.False(HnswMerge.IsKept(0, 0, 10));
    }

    [Fact]
    public void New_rows_that_do_not_exist_or_come_twice_are_refused()
    {
        DenseMemorySegment rows = DenseCollection.Drawn(6, 3, 4, VectorPrecision.Float32, gaps: false).InMemory();
        HnswMemoryGraph graph = HnswBuilder.Build(rows, Small, threads: 1, CancellationToken.None);
        foreach (int[] newRows in new int[][] { [0, 1], [0, 1, 3], [0, 1, 1], [0, 1, -2] })
        {
            Assert.Throws<ArgumentException>(() => HnswMerge.Run(rows, graph, newRows, Small, threads: 1, CancellationToken.None));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_cancelled_build_or_search_ends_with_its_cancellation(int threads)
    {
        DenseMemorySegment rows = DenseCollection.Drawn(7, 2000, 8, VectorPrecision.Float32, gaps: false).InMemory();
        var cancelled = new CancellationToken(canceled: true);
        Assert.ThrowsAny<OperationCanceledException>(() => HnswBuilder.Build(rows, Small, threads, cancelled));
        HnswMemoryGraph graph = HnswBuilder.Build(rows, Small, threads, CancellationToken.None);
        Assert.ThrowsAny<OperationCanceledException>(() => HnswMerge.Run(rows, graph, Enumerable.Range(0, 2000).ToArray(), Small, threads, cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new DenseSearcher().Search(rows, graph, new float[8], 5, default, 50, DenseAlgorithm.Hnsw, cancelled));
    }

    private static double RecallOf(VectorRows rows, HnswGraph graph, ulong[] deleted) =>
        HnswSearchTests.Study(rows, graph, deleted).Measure(48, CancellationToken.None).Recall;

    private static string Links(HnswGraph graph)
    {
        using var stream = new MemoryStream();
        HnswGraphWriter.Write(stream, graph, 0, CancellationToken.None);
        Assert.Equal(HnswGraphWriter.SizeOf(graph), stream.Length);
        return Convert.ToHexString(stream.ToArray());
    }
}
