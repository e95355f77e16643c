using CsCheck;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Tests.Sparse;

public sealed class SparseSearcherTests
{
    private static readonly SparseAlgorithm[] Algorithms =
        [SparseAlgorithm.Planned, SparseAlgorithm.Exhaustive, SparseAlgorithm.BlockMaxPruning, SparseAlgorithm.Signed, SparseAlgorithm.DotProduct];

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 40)]
    [InlineData(true, 40)]
    public void Every_algorithm_returns_what_the_dot_product_returns(bool reorder, int queryScale)
    {
        const int Count = 40_000;
        var corpus = Corpus.Generated(Count, 3000, 7);
        using var segment = SparseSegment.Open(corpus.Seal(reorder, out int[] order), "corpus");
        var searcher = new SparseSearcher();
        foreach ((int[] terms, int[] impacts) in Corpus.GeneratedQueries(Count, 3000, 7, 15))
        {
            int[] scaled = [.. impacts.Select(impact => impact * queryScale)];
            SparseHit[] all = corpus.Oracle(terms, scaled, 1000);
            foreach (int k in (int[])[1, 10, 100, 1000])
            {
                foreach (SparseAlgorithm algorithm in Algorithms)
                {
                    SparseTopK found = searcher.Search(segment, terms, scaled, new SparseSearchOptions(k, algorithm));
                    Assert.Equal(all[..k], Renumber(found.Hits, order));
                }
            }
        }
    }

    [Fact]
    public void Every_algorithm_agrees_on_adversarial_collections() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1_000_000], Gen.Int[1, 40], Gen.Bool).Sample(
            (shape, seed, k, reorder) => AgreeOn(shape, seed, k, reorder),
            iter: 300,
            seed: "0000000000000");

    [Fact]
    public void Zero_weights_are_ignored_and_repeated_terms_summed()
    {
        var corpus = new Corpus { Documents = [([1, 2], [10, 20]), ([2], [30]), ([3], [40])] };
        using var segment = SparseSegment.Open(corpus.Seal(), "corpus");
        SparseTopK found = new SparseSearcher().Search(segment, [2, 1, 2, 3], [1, 0, 2, 0], new SparseSearchOptions(5));
        Assert.Equal([new SparseHit(1, 90), new SparseHit(0, 60)], found.Hits);
    }

    [Fact]
    public void A_negative_weight_is_answered_by_the_path_that_says_so()
    {
        var corpus = new Corpus { Documents = [([1, 2], [10, 20]), ([2], [5]), ([1], [7]), ([3], [1])] };
        using var segment = SparseSegment.Open(corpus.Seal(), "corpus");
        SparseTopK found = new SparseSearcher().Search(segment, [1, 2], [2, -1], new SparseSearchOptions(5, SparseAlgorithm.BlockMaxPruning));
        Assert.Equal([new SparseHit(2, 14), new SparseHit(0, 0), new SparseHit(1, -5)], found.Hits);
        Assert.Equal(SparseAlgorithm.Signed, found.Execution.Algorithm);
    }

    [Fact]
    public void Approximate_answers_say_so_and_keep_their_scores_exact()
    {
        const int Count = 20_000;
        var corpus = Corpus.Generated(Count, 3000, 3);
        using var segment = SparseSegment.Open(corpus.Seal(), "corpus");
        var searcher = new SparseSearcher();
        int common = 0;
        foreach ((int[] terms, int[] impacts) in Corpus.GeneratedQueries(Count, 3000, 3, 20))
        {
            SparseHit[] exact = searcher.Search(segment, terms, impacts, new SparseSearchOptions(Count, SparseAlgorithm.DotProduct)).Hits;
            SparseTopK found = searcher.Search(
                segment, terms, impacts, new SparseSearchOptions(10, SparseAlgorithm.BlockMaxPruning, 0.9f, 0.5f));
            Assert.False(found.Execution.IsExact);
            Assert.All(found.Hits, hit => Assert.Contains(hit, exact));
            common += found.Hits.Intersect(exact[..10]).Count();
        }

        Assert.InRange(common, 140, 200);
    }

    [Fact]
    public void A_query_allocates_nothing_but_its_result()
    {
        const int Count = 20_000;
        var corpus = Corpus.Generated(Count, 3000, 5);
        using var segment = SparseSegment.Open(corpus.Seal(reorder: true), "corpus");
        var searcher = new SparseSearcher();
        var queries = Corpus.GeneratedQueries(Count, 3000, 5, 10);
        foreach (SparseAlgorithm algorithm in (SparseAlgorithm[])[SparseAlgorithm.Planned, SparseAlgorithm.Exhaustive, SparseAlgorithm.BlockMaxPruning, SparseAlgorithm.Signed])
        {
            var options = new SparseSearchOptions(10, algorithm);
            foreach ((int[] terms, int[] impacts) in queries)
            {
                searcher.Search(segment, terms, impacts, options);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach ((int[] terms, int[] impacts) in queries)
            {
                searcher.Search(segment, terms, impacts, options);
            }

            long each = (GC.GetAllocatedBytesForCurrentThread() - before) / queries.Count;
            Assert.Equal(24 + (10 * 16), each);          // an array's header and ten hits
        }
    }

    private static SparseHit[] Renumber(SparseHit[] hits, int[] order) =>
        [.. hits.Select(hit => hit with { DocId = order[hit.DocId] })];

    private static void AgreeOn(int shape, int seed, int k, bool reorder)
    {
        var random = new Random(seed);
        Corpus corpus = Adversary.Make(shape, random);
        int count = corpus.Documents.Length;
        byte[] bytes = corpus.Seal(reorder, out int[] order);
        using var segment = SparseSegment.Open(bytes, "corpus");
        (int[] terms, int[] impacts) = Adversary.Query(shape, random);
        ulong[] deleted = Adversary.Deletes(count, random);
        ulong[] deletedDocIds = new ulong[(count + 63) / 64];
        for (int docId = 0; docId < count; docId++)
        {
            int document = order[docId];
            bool dropped = document >> 6 < deleted.Length && ((deleted[document >> 6] >> document) & 1) != 0;
            deletedDocIds[docId >> 6] |= dropped ? 1UL << docId : 0;
        }

        var searcher = new SparseSearcher();
        SparseHit[] expected = corpus.Oracle(terms, impacts, k, deleted);
        foreach (SparseAlgorithm algorithm in Algorithms)
        {
            SparseTopK found = searcher.Search(segment, terms, impacts, new SparseSearchOptions(k, algorithm), deletedDocIds);
            Assert.Equal(expected, Renumber(found.Hits, order));
        }
    }
}
