using CsCheck;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;
using Platform.Indexing.Tests.Storage;

namespace Platform.Indexing.Tests.Sparse;

/// <summary>Sparse figures, their sums over shards and merges, pruning, and what quantisation costs.</summary>
public sealed class SparseMeasureTests
{
    private static readonly ShardOptions Small = new() { SealAtBytes = 40_000, MergeFactor = 3 };

    [Fact]
    public async Task Figures_of_a_shard_after_seals_and_merges_are_those_recomputed_from_its_documents()
    {
        Corpus corpus = Corpus.Generated(2_000, 300, 31);
        await using Shard shard = await ShardOfAsync(new MemoryBlobStore(), corpus.Documents, Small);

        SparseFigures figures = shard.MeasureSparse();

        Assert.True(shard.Measure().Segments > 0);
        Assert.Equal((2_000, corpus.Documents.Sum(document => (long)document.Terms.Length)), (figures.Documents, figures.Postings));
        Assert.Equal(CountsOf(corpus.Documents), Listed(shard, page: 7));
        Assert.Equal(Listed(shard, page: 1000).Select(term => term.Count), shard.CountSparseTerms([.. Listed(shard, page: 1000).Select(term => term.TermId)]).Counts);
        Assert.Equal([0L], shard.CountSparseTerms([int.MaxValue]).Counts);
    }

    [Fact]
    public async Task Figures_of_two_shards_add_up_to_those_of_one()
    {
        Corpus corpus = Corpus.Generated(1_500, 300, 32);
        await using Shard whole = await ShardOfAsync(new MemoryBlobStore(), corpus.Documents, new ShardOptions());
        await using Shard first = await ShardOfAsync(new MemoryBlobStore(), corpus.Documents[..500], Small);
        await using Shard second = await ShardOfAsync(new MemoryBlobStore(), corpus.Documents[500..], Small);

        SparseFigures[] parts = [first.MeasureSparse(), second.MeasureSparse()];

        Assert.Equal((whole.MeasureSparse().Documents, whole.MeasureSparse().Postings), (parts.Sum(part => part.Documents), parts.Sum(part => part.Postings)));
        var counts = Listed(first, 50).Concat(Listed(second, 50)).GroupBy(term => term.TermId, term => term.Count).OrderBy(term => term.Key);
        Assert.Equal(Listed(whole, 50), counts.Select(term => (term.Key, term.Sum())));
    }

    [Fact]
    public void A_shuffled_segment_lies_as_the_expectation_for_a_random_order_says_and_a_reordered_one_better()
    {
        Corpus corpus = Corpus.Generated(20_000, 500, 33);
        var shuffled = new Corpus { Documents = [.. corpus.Documents] };
        new Random(3).Shuffle(shuffled.Documents);
        using var random = SparseSegment.Open(shuffled.Seal(reorder: false, out _), "shuffled");
        using var reordered = SparseSegment.Open(shuffled.Seal(reorder: true, out _), "reordered");

        SparseFigures asItLies = SparseFigures.Of([random], []);
        SparseFigures better = SparseFigures.Of([reordered], []);

        Assert.Equal(1, asItLies.Layout.Bytes / asItLies.RandomLayout.Bytes, 0.01);
        Assert.Equal(1, asItLies.Layout.Steps / asItLies.RandomLayout.Steps, 0.01);
        Assert.Equal(1, asItLies.Layout.DensePostings / asItLies.RandomLayout.DensePostings, 0.02);
        Assert.Equal(asItLies.RandomLayout, better.RandomLayout);
        Assert.True(better.Layout.Bytes < better.RandomLayout.Bytes && better.Layout.Steps < better.RandomLayout.Steps);
    }

    [Fact]
    public void Pruning_keeps_the_strongest_terms_above_the_threshold_in_the_order_of_their_ids() =>
        Gen.Select(Gen.Float[-4, 4].Array[0, 30], Gen.Int[0, 12], Gen.Float[0, 2]).Sample((weights, most, least) =>
        {
            int[] ids = [.. Enumerable.Range(0, weights.Length).Select(i => 3 * i)];
            var expected = ids.Zip(weights).Where(term => Math.Abs(term.Second) >= least)
                .OrderByDescending(term => Math.Abs(term.Second)).ThenBy(term => term.First)
                .Take(most == 0 ? int.MaxValue : most).OrderBy(term => term.First);

            (int[] keptIds, float[] keptWeights) = VectorPruning.Keep(ids, weights, most, least);

            Assert.Equal(expected, keptIds.Zip(keptWeights));
        });

    [Fact]
    public void A_study_counts_what_is_pruned_cut_and_rounded_and_bounds_the_errors_of_scores()
    {
        var study = new QuantisationStudy(maxWeight: 2, topTermsPerDocument: 2);
        study.AddDocument([1, 2, 3], [1f, 2.5f, 0.5f]);
        study.AddDocument([1], [0.003f]);

        QuantisationReport report = study.Compare([([1], [1f]), ([3], [1f])], CancellationToken.None);

        Assert.Equal((2, 2, 3, 1, 1), (report.Documents, report.Queries, report.Weights, report.PrunedWeights, report.ClippedWeights));
        Assert.Equal(0.5, report.LargestWeightError, 9);
        double step = 2 / 255.0;
        Assert.Equal(Math.Abs(1 - (128 * step)), report.Quantisation.LargestError, 6);        // 1 becomes impact 128; 0.003 impact 1
        Assert.Equal(0.5, report.PruningAndQuantisation!.LargestError, 6);                     // the third term of the first document is gone
        Assert.Equal(3, report.Quantisation.Scores);
        Assert.Equal(1, report.Quantisation.OverlapAt10);
    }

    [Fact]
    public void A_study_s_scores_are_those_that_an_index_gives()
    {
        Corpus corpus = Corpus.Generated(300, 200, 34);
        var study = new QuantisationStudy(maxWeight: 255);
        foreach ((int[] terms, byte[] impacts) in corpus.Documents)
        {
            Array.Sort(terms, impacts);
            study.AddDocument(terms, [.. impacts.Select(impact => (float)impact)]);
        }

        var queries = Corpus.GeneratedQueries(300, 200, 34, 20).Select(query => Sorted(query.Terms, query.Impacts));

        QuantisationReport report = study.Compare(queries, CancellationToken.None);

        Assert.Equal(0, report.LargestWeightError);                                           // the weights are impacts already
        Assert.Null(report.PruningAndQuantisation);
        Assert.InRange(report.Quantisation.MeanError / report.Quantisation.MeanScore, 0, 0.5 / ImpactQuery.MaxImpact * 20);
        Assert.InRange(report.Quantisation.OverlapAt10, 0.95, 1);
    }

    private static (int[] TermIds, float[] Weights) Sorted(int[] terms, int[] impacts)
    {
        float[] weights = [.. impacts.Select(impact => (float)impact)];
        Array.Sort(terms, weights);
        return (terms, weights);
    }

    private static (int TermId, long Count)[] CountsOf((int[] Terms, byte[] Impacts)[] documents) =>
        [.. documents.SelectMany(document => document.Terms).GroupBy(term => term).OrderBy(term => term.Key).Select(term => (term.Key, term.LongCount()))];

    private static (int TermId, long Count)[] Listed(Shard shard, int page)
    {
        List<(int, long)> all = [];
        SparseTermCounts counts;
        int after = -1;
        do
        {
            counts = shard.ListSparseTerms(after, page);
            all.AddRange(counts.TermIds.Zip(counts.Counts));
            after = counts.TermIds[^1];
        }
        while (counts.More);
        return [.. all];
    }

    private static async Task<Shard> ShardOfAsync(MemoryBlobStore store, (int[] Terms, byte[] Impacts)[] documents, ShardOptions options)
    {
        Shard shard = await Shard.OpenAsync(store, "s", options, CancellationToken.None);
        int number = 0;
        foreach ((int[] Terms, byte[] Impacts)[] portion in documents.Chunk(100))
        {
            var batch = new ShardBatch();
            foreach ((int[] terms, byte[] impacts) in portion)
            {
                Array.Sort(terms, impacts);
                batch.Upsert(Guid.NewGuid(), $"{number++}", [], [], terms, impacts);
            }

            _ = await shard.ApplyAsync(batch.ToArray());
        }

        await shard.SealAsync();
        return shard;
    }
}
