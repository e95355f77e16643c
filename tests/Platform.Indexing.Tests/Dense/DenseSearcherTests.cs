using CsCheck;
using Platform.Indexing.Dense;

namespace Platform.Indexing.Tests.Dense;

public sealed class DenseSearcherTests
{
    private static readonly DenseAlgorithm[] Algorithms = [DenseAlgorithm.Planned, DenseAlgorithm.Scan, DenseAlgorithm.CodeScan];

    private static readonly Gen<(int Seed, int Documents, int Dimensions, int Precision, bool Gaps)> Drawings =
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 300], Gen.Int[1, 70], Gen.Int[0, 3], Gen.Bool);

    [Fact]
    public void Every_algorithm_returns_what_the_plain_loop_returns_in_memory_and_in_a_file() => Drawings.Sample(drawn =>
    {
        var collection = DenseCollection.Drawn(drawn.Seed, drawn.Documents, drawn.Dimensions, (VectorPrecision)drawn.Precision, drawn.Gaps);
        var random = new Random(drawn.Seed + 1);
        (ulong[] deleted, ulong[] allowed, bool filter) = Bits(random, drawn.Documents);
        var reversed = Comparer<int>.Create((x, y) => y.CompareTo(x));
        using var file = DenseSegment.Open(collection.Seal(), "drawn");
        file.Verify();
        DenseMemorySegment memory = collection.InMemory();
        var searcher = new DenseSearcher();
        float[] queries = [];
        List<DenseHit[]> answers = [];
        int k = random.Next(1, 40);
        var scope = new DenseScope { Deleted = deleted, Allowed = allowed, HasFilter = filter, TieOrder = reversed };
        for (int i = 0; i < 5; i++)
        {
            float[] query = DenseCollection.Vector(random, drawn.Dimensions, MathF.Pow(10, random.Next(-2, 3)), random.Next(2) == 0);
            DenseHit[] expected = collection.Oracle(
                query, k, docId => !IsSet(deleted, docId) && (!filter || IsSet(allowed, docId)), reversed);
            foreach (DenseAlgorithm algorithm in Algorithms)
            {
                Assert.Equal(expected, searcher.Search(file, query, k, scope, algorithm).Hits);
                Assert.Equal(expected, searcher.Search(memory, query, k, scope, algorithm).Hits);
            }

            queries = [.. queries, .. query];
            answers.Add(expected);
        }

        Assert.Equal(answers, searcher.SearchBatch(file, queries, k, scope));
        Assert.Equal(answers, searcher.SearchBatch(memory, queries, k, scope));
    }, iter: 300);

    [Theory]
    [InlineData(0.0001)]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void A_filter_yields_the_best_of_its_matches_and_never_fewer_than_there_are(double selectivity)
    {
        var collection = DenseCollection.Drawn(3, 20_000, 24, VectorPrecision.Float32, gaps: false);
        using var file = DenseSegment.Open(collection.Seal(), "filtered");
        var random = new Random(7);
        ulong[] allowed = new ulong[(20_000 + 63) / 64];
        HashSet<int> matches = [.. Enumerable.Range(0, 20_000).Where(_ => random.NextDouble() < selectivity)];
        foreach (int docId in matches)
        {
            allowed[docId >> 6] |= 1UL << docId;
        }

        float[] query = DenseCollection.Vector(random, 24, 1, coarse: false);
        var scope = new DenseScope { Allowed = allowed, HasFilter = true };
        foreach (DenseAlgorithm algorithm in Algorithms)
        {
            DenseHit[] hits = new DenseSearcher().Search(file, query, 10, scope, algorithm).Hits;
            Assert.Equal(Math.Min(10, matches.Count), hits.Length);
            Assert.Equal(collection.Oracle(query, 10, matches.Contains, Comparer<int>.Default), hits);
        }
    }

    [Fact]
    public void A_merge_keeps_every_score()
    {
        var collection = DenseCollection.Drawn(5, 200, 33, VectorPrecision.Int8, gaps: true);
        DenseMemorySegment memory = collection.InMemory();
        using var file = DenseSegment.Open(collection.Seal(), "first");
        using var stream = new MemoryStream();
        DenseRow[] rows =
        [
            .. Enumerable.Range(0, file.Count).Select(row => new DenseRow(file, row, file.DocIdOf(row))),
            .. Enumerable.Range(0, memory.Count).Select(row => new DenseRow(memory, row, 200 + memory.DocIdOf(row))),
        ];
        DenseSegmentWriter.Write(stream, collection.Layout, 400, rows, CancellationToken.None);
        using var merged = DenseSegment.Open(stream.ToArray(), "merged");
        float[] query = DenseCollection.Vector(new Random(1), 33, 1, coarse: false);
        DenseHit[] hits = new DenseSearcher().Search(merged, query, 400).Hits;
        Assert.Equal(2 * file.Count, hits.Length);
        Assert.All(hits.GroupBy(hit => hit.DocId % 200), pair => Assert.Single(pair.Select(hit => hit.Score).Distinct()));
    }

    [Fact]
    public void Vectors_without_any_length_are_found_with_score_zero()
    {
        var memory = new DenseMemorySegment(new VectorLayout(3, VectorPrecision.Float32));
        memory.Add(4, [0, 0, 0]);
        memory.Add(9, [0, -1, 0]);
        Assert.Equal([new DenseHit(4, 0), new DenseHit(9, -2)], new DenseSearcher().Search(memory, [1, 2, 3], 10).Hits);
    }

    [Theory]
    [InlineData(VectorPrecision.Float32, float.NaN, DenseVectorFault.NotFinite)]
    [InlineData(VectorPrecision.Int8, float.PositiveInfinity, DenseVectorFault.NotFinite)]
    [InlineData(VectorPrecision.BFloat16, float.NegativeInfinity, DenseVectorFault.NotFinite)]
    [InlineData(VectorPrecision.Float16, 65_505f, DenseVectorFault.TooLarge)]
    [InlineData(VectorPrecision.Float32, -1e16f, DenseVectorFault.TooLarge)]
    public void A_component_that_cannot_be_kept_is_refused(VectorPrecision precision, float component, DenseVectorFault fault)
    {
        var memory = new DenseMemorySegment(new VectorLayout(2, precision));
        Assert.Equal(fault, Assert.Throws<DenseVectorException>(() => memory.Add(0, [1, component])).Fault);
        Assert.Equal(0, memory.Count);
        memory.Add(0, [1, 2]);
    }

    [Fact]
    public void A_query_of_another_dimension_or_not_finite_is_refused()
    {
        var memory = new DenseMemorySegment(new VectorLayout(3, VectorPrecision.Float16));
        var searcher = new DenseSearcher();
        var fault = Assert.Throws<DenseVectorException>(() => searcher.Search(memory, [1, 2], 10));
        Assert.Equal(DenseVectorFault.WrongDimension, fault.Fault);
        Assert.Contains("has 2 components; this index takes 3", fault.Message, StringComparison.Ordinal);
        Assert.Equal(DenseVectorFault.NotFinite, Assert.Throws<DenseVectorException>(() => searcher.Search(memory, [1, 2, float.NaN], 10)).Fault);
        Assert.Equal(DenseVectorFault.WrongDimension, Assert.Throws<DenseVectorException>(() => searcher.SearchBatch(memory, [1, 2, 3, 4], 10)).Fault);
        Assert.Empty(searcher.Search(memory, [1e6f, 2, 3], 10).Hits);
    }

    [Fact]
    public void A_cancelled_search_ends_with_its_cancellation()
    {
        var memory = DenseCollection.Drawn(1, 100, 8, VectorPrecision.Float32, gaps: false).InMemory();
        var cancelled = new CancellationToken(canceled: true);
        var searcher = new DenseSearcher();
        Assert.Throws<OperationCanceledException>(() => searcher.Search(memory, new float[8], 5, default, DenseAlgorithm.Scan, cancelled));
        Assert.Throws<OperationCanceledException>(() => searcher.Search(memory, new float[8], 5, default, DenseAlgorithm.CodeScan, cancelled));
        Assert.Throws<OperationCanceledException>(() => searcher.SearchBatch(memory, new float[8], 5, default, cancelled));
    }

    private static (ulong[] Deleted, ulong[] Allowed, bool HasFilter) Bits(Random random, int documents)
    {
        double share = random.NextDouble() * random.NextDouble();
        ulong[] Draw(double probability)
        {
            ulong[] bits = new ulong[random.Next((documents / 64) + 2)];
            for (int docId = 0; docId < Math.Min(documents, 64 * bits.Length); docId++)
            {
                bits[docId >> 6] |= random.NextDouble() < probability ? 1UL << docId : 0;
            }

            return bits;
        }

        return (random.Next(2) == 0 ? [] : Draw(share), Draw(random.NextDouble()), random.Next(2) == 0);
    }

    private static bool IsSet(ulong[] bits, int docId) => docId >> 6 < bits.Length && ((bits[docId >> 6] >> docId) & 1) != 0;
}
