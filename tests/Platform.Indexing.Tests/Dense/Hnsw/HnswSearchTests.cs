using CsCheck;
using Platform.Indexing.Dense;

namespace Platform.Indexing.Tests.Dense;

public sealed class HnswSearchTests
{
    private static readonly HnswOptions Small = new() { M = 12, EfConstruction = 100 };

    private static readonly Gen<(int Seed, int Documents, int Dimensions, int Precision, bool Gaps)> Drawings =
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 600], Gen.Int[1, 70], Gen.Int[0, 3], Gen.Bool);

    [Fact]
    public void A_graph_finds_19_of_20_and_scores_exactly_under_deletes_and_filters_of_every_kind() => Drawings.Sample(drawn =>
    {
        var collection = DenseCollection.Drawn(drawn.Seed, drawn.Documents, drawn.Dimensions, (VectorPrecision)drawn.Precision, drawn.Gaps);
        DenseMemorySegment rows = collection.InMemory();
        HnswMemoryGraph graph = HnswBuilder.Build(rows, Small, threads: 2, CancellationToken.None);
        var random = new Random(drawn.Seed + 1);
        ulong[] deleted = Bits(random, drawn.Documents, random.Next(3) * 0.45);
        ulong[] allowed = Bits(random, drawn.Documents, Math.Pow(10, -random.Next(5)));
        bool filter = random.Next(2) == 0;
        var reversed = Comparer<int>.Create((x, y) => y.CompareTo(x));
        var scope = new DenseScope { Deleted = deleted, Allowed = allowed, HasFilter = filter, TieOrder = reversed };
        var searcher = new DenseSearcher();
        int k = random.Next(1, 40);
        double recall = 0;
        const int Queries = 20;
        for (int i = 0; i < Queries; i++)
        {
            float[] query = DenseCollection.Vector(random, drawn.Dimensions, MathF.Pow(10, random.Next(-2, 3)), random.Next(2) == 0);
            bool Found(int docId) => !IsSet(deleted, docId) && (!filter || IsSet(allowed, docId));
            DenseHit[] all = collection.Oracle(query, int.MaxValue, Found, reversed);
            DenseAlgorithm algorithm = i % 2 == 0 ? DenseAlgorithm.Hnsw : DenseAlgorithm.HnswByVectors;
            DenseTopK answer = searcher.Search(rows, graph, query, k, scope, ef: 100, algorithm);
            Assert.Equal(Math.Min(k, all.Length), answer.Hits.Length);
            Assert.Equal(answer.Hits.Length, answer.Hits.Intersect(all).Count());                   // each once, allowed, with its exact score
            Assert.Equal(answer.Hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.DocId, reversed), answer.Hits);
            recall += RecallStudy.Recall(all.AsSpan(0, answer.Hits.Length), answer.Hits);
        }

        Assert.InRange(recall / Queries, 0.95, 1);
    }, iter: 100);

    [Fact]
    public void A_wide_enough_beam_gives_the_scan_s_answer()
    {
        var collection = DenseCollection.Drawn(11, 2000, 24, VectorPrecision.Float32, gaps: false);
        DenseMemorySegment rows = collection.InMemory();
        HnswMemoryGraph graph = HnswBuilder.Build(rows, new HnswOptions(), threads: 2, CancellationToken.None);
        RecallStudy study = Study(rows, graph, []);
        Assert.InRange(study.Measure(16, CancellationToken.None).Recall, 0.80, 1);
        Assert.Equal(1, study.Measure(1000, CancellationToken.None).Recall);
        RecallPoint found = study.FindEf(0.98, CancellationToken.None);
        Assert.InRange(found.Recall, 0.98, 1);
        Assert.InRange(found.Ef, 10, 999);
    }

    [Fact]
    public void Vectors_of_very_different_lengths_are_all_found()
    {
        var random = new Random(3);
        var collection = new DenseCollection
        {
            Layout = new VectorLayout(16, VectorPrecision.Float32),
            Vectors = [.. Enumerable.Range(0, 3000).Select(_ => DenseCollection.Vector(random, 16, MathF.Pow(2, random.Next(-6, 7)), coarse: false))],
        };
        DenseMemorySegment rows = collection.InMemory();
        HnswMemoryGraph graph = HnswBuilder.Build(rows, new HnswOptions(), threads: 2, CancellationToken.None);
        float[][] queries = [.. Enumerable.Range(0, 100).Select(_ => DenseCollection.Vector(random, 16, 1, coarse: false))];
        RecallStudy study = RecallStudy.OfQueries(rows, graph, queries, 10, [], TimeProvider.System, CancellationToken.None);
        Assert.InRange(study.Measure(64, CancellationToken.None).Recall, 0.95, 1);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.9)]
    public void Heaps_of_equal_vectors_do_not_hide_the_others(double share)
    {
        var random = new Random(4);
        float[][] vectors = [.. Enumerable.Range(0, 2500).Select(i =>
            random.NextDouble() < share ? new float[12] : DenseCollection.Vector(random, 12, 1, coarse: false))];
        var rows = new DenseMemorySegment(new VectorLayout(12, VectorPrecision.Float32));
        foreach (float[] vector in vectors)
        {
            rows.Add(rows.Count, vector);
        }

        HnswMemoryGraph graph = HnswBuilder.Build(rows, Small, threads: 2, CancellationToken.None);
        RecallStudy study = Study(rows, graph, []);
        Assert.InRange(study.Measure(64, CancellationToken.None).Recall, 0.95, 1);
    }

    [Theory]
    [InlineData(0.0001)]
    [InlineData(0.001)]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void A_planned_search_never_gives_fewer_hits_than_the_filter_has_matches(double selectivity)
    {
        var collection = DenseCollection.Drawn(5, 20_000, 8, VectorPrecision.Int8, gaps: false);
        DenseMemorySegment rows = collection.InMemory();
        HnswMemoryGraph graph = HnswBuilder.Build(rows, Small, threads: 2, CancellationToken.None);
        var random = new Random(7);
        ulong[] allowed = Bits(random, 20_000, selectivity);
        int matches = Enumerable.Range(0, 20_000).Count(docId => IsSet(allowed, docId));
        var scope = new DenseScope { Allowed = allowed, HasFilter = true };
        var searcher = new DenseSearcher();
        double recall = 0;
        for (int i = 0; i < 20; i++)
        {
            float[] query = DenseCollection.Vector(random, 8, 1, coarse: false);
            DenseTopK answer = searcher.Search(rows, graph, query, 10, scope);
            Assert.Equal(Math.Min(10, matches), answer.Hits.Length);
            Assert.All(answer.Hits, hit => Assert.True(IsSet(allowed, hit.DocId)));
            Assert.Equal(selectivity >= 0.5, answer.Execution.Reason == DenseReason.GraphCheaper);
            recall += RecallStudy.Recall(searcher.Search(rows, query, 10, scope).Hits, answer.Hits);
        }

        Assert.InRange(recall, 0.95 * 20, 20);
    }

    [Fact]
    public void A_plan_says_why_and_falls_back_to_the_scan()
    {
        var rows = new DenseMemorySegment(new VectorLayout(2, VectorPrecision.Float32));
        for (int i = 0; i < 50; i++)
        {
            rows.Add(i, [i, 1]);
        }

        HnswMemoryGraph graph = HnswBuilder.Build(rows, Small, threads: 1, CancellationToken.None);
        var searcher = new DenseSearcher();
        Assert.Equal(DenseReason.NoGraph, searcher.Search(rows, null, [1, 0], 3).Execution.Reason);
        Assert.Equal(DenseReason.ScanCheaper, searcher.Search(rows, graph, [1, 0], 3).Execution.Reason);
        DenseTopK asked = searcher.Search(rows, graph, [1, 0], 3, default, 20, DenseAlgorithm.Hnsw);
        Assert.Equal((DenseAlgorithm.Hnsw, DenseReason.Asked, 20), (asked.Execution.Algorithm, asked.Execution.Reason, asked.Execution.Ef));
        Assert.Equal([49, 48, 47], asked.Hits.Select(hit => hit.DocId));

        var cut = new HnswMemoryGraph(Small);
        for (int i = 0; i < 50; i++)
        {
            cut.AddRow(0);
        }

        cut.OfferEntry(7);                                        // nothing leads anywhere
        DenseTopK incomplete = searcher.Search(rows, cut, [1, 0], 3, default, 20, DenseAlgorithm.Hnsw);
        Assert.Equal((DenseAlgorithm.CodeScan, DenseReason.GraphIncomplete), (incomplete.Execution.Algorithm, incomplete.Execution.Reason));
        Assert.Equal(asked.Hits, incomplete.Hits);
    }

    [Fact]
    public void Wrong_graphs_widths_and_algorithms_are_refused()
    {
        var rows = new DenseMemorySegment(new VectorLayout(2, VectorPrecision.Float32));
        rows.Add(0, [1, 1]);
        HnswMemoryGraph graph = HnswBuilder.Build(rows, Small, threads: 1, CancellationToken.None);
        rows.Add(1, [2, 1]);
        var searcher = new DenseSearcher();
        Assert.Throws<ArgumentException>(() => searcher.Search(rows, graph, [1, 0], 3));
        Assert.Throws<ArgumentException>(() => searcher.Search(rows, null, [1, 0], 3, default, 0, DenseAlgorithm.Hnsw));
        Assert.Throws<ArgumentException>(() => searcher.Search(rows, [1, 0], 3, default, DenseAlgorithm.Hnsw));
        Assert.Throws<ArgumentOutOfRangeException>(() => searcher.Search(rows, null, [1, 0], 3, default, HnswOptions.MaxEf + 1));
        Assert.Throws<ArgumentException>(() => new HnswMemoryGraph(new HnswOptions { M = 65 }));
        Assert.Throws<ArgumentException>(() => new HnswMemoryGraph(new HnswOptions { EfConstruction = 15 }));
        Assert.Throws<DenseVectorException>(() => searcher.Search(rows, null, [1, float.NaN], 3));
    }

    [Fact]
    public void A_query_allocates_its_result_only()
    {
        var collection = DenseCollection.Drawn(6, 1000, 24, VectorPrecision.Float32, gaps: false);
        DenseMemorySegment rows = collection.InMemory();
        HnswMemoryGraph graph = HnswBuilder.Build(rows, Small, threads: 1, CancellationToken.None);
        var searcher = new DenseSearcher();
        float[] query = DenseCollection.Vector(new Random(1), 24, 1, coarse: false);
        for (int i = 0; i < 3; i++)
        {
            searcher.Search(rows, graph, query, 10, default, 100, DenseAlgorithm.Hnsw);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        searcher.Search(rows, graph, query, 10, default, 100, DenseAlgorithm.Hnsw);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200);
    }

    internal static RecallStudy Study(VectorRows rows, HnswGraph graph, ulong[] deleted) =>
        RecallStudy.OfStored(rows, graph, 200, seed: 1, k: 10, deleted, TimeProvider.System, CancellationToken.None);

    internal static ulong[] Bits(Random random, int documents, double probability)
    {
        ulong[] bits = new ulong[(documents + 63) / 64];
        for (int docId = 0; docId < documents; docId++)
        {
            bits[docId >> 6] |= random.NextDouble() < probability ? 1UL << docId : 0;
        }

        return bits;
    }

    internal static bool IsSet(ulong[] bits, int docId) => ((bits[docId >> 6] >> docId) & 1) != 0;
}
