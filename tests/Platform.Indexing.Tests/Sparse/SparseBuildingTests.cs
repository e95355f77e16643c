using Platform.Indexing.Sparse;

namespace Platform.Indexing.Tests.Sparse;

public sealed class SparseBuildingTests
{
    [Fact]
    public void Reordering_is_a_permutation_and_makes_the_segment_smaller()
    {
        var corpus = Corpus.Generated(10_000, 3000, 9);
        byte[] plain = corpus.Seal(reorder: false);
        byte[] reordered = corpus.Seal(reorder: true, out int[] order);
        Assert.Equal(Enumerable.Range(0, 10_000), order.Order());
        Assert.InRange(reordered.Length / (double)plain.Length, 0.5, 0.95);
    }

    [Fact]
    public void Reordering_does_not_depend_on_the_number_of_threads()
    {
        var corpus = Corpus.Generated(5_000, 1000, 9);
        using var documents = new ForwardIndex();
        foreach ((int[] terms, byte[] impacts) in corpus.Documents)
        {
            documents.Add(terms, impacts);
        }

        int[] one = GraphBisection.Order(documents, 5, 1, CancellationToken.None);
        Assert.Equal(one, GraphBisection.Order(documents, 5, 3, CancellationToken.None));
    }

    [Fact]
    public void Building_can_be_cancelled()
    {
        using var builder = new SparseSegmentBuilder(new SparseBuildOptions());
        for (int i = 0; i < 200; i++)
        {
            builder.Add([i % 7, 10 + (i % 3)], [1f, 2f]);
        }

        Assert.ThrowsAny<OperationCanceledException>(() => builder.Build(Stream.Null, [], new CancellationToken(true)));
    }

    [Fact]
    public void Pruning_keeps_the_strongest_terms_and_is_recorded()
    {
        using var builder = new SparseSegmentBuilder(new SparseBuildOptions { Scale = 0.01f, MaxTermsPerDocument = 2, MinWeight = 0.5f });
        builder.Add([5, 1, 9, 7], [0.6f, 0.7f, 0.8f, -1f]);
        builder.Add([5, 1], [0.4f, 9f]);
        using var stream = new MemoryStream();
        builder.Build(stream, [], CancellationToken.None);
        using var segment = SparseSegment.Open(stream.ToArray(), "pruned");
        Assert.Equal(3, segment.PostingCount);
        Assert.Equal(-1, segment.FindTerm(5));
        Assert.Equal(
            (2, 0.5f, 3L, 1L),
            (segment.Properties.MaxTermsPerDocument, segment.Properties.MinWeight, segment.Properties.DroppedWeights, segment.Properties.ClippedWeights));
    }

    [Fact]
    public void A_merged_segment_answers_like_one_built_from_the_live_documents()
    {
        var corpus = Corpus.Generated(2_000, 500, 11);
        ulong[] deleted = [.. Enumerable.Range(0, 12).Select(i => 0x8421_0842_1084_2108UL * (ulong)i)];
        using var builder = new SparseSegmentBuilder(new SparseBuildOptions());
        using var first = SparseSegment.Open(new Corpus { Documents = corpus.Documents[..800] }.Seal(), "first");
        using var second = SparseSegment.Open(new Corpus { Documents = corpus.Documents[800..] }.Seal(), "second");
        SegmentMerge.Append(builder, first, deleted, CancellationToken.None);
        SegmentMerge.Append(builder, second, [], CancellationToken.None);
        using var stream = new MemoryStream();
        int[] order = builder.Build(stream, [], CancellationToken.None).Order!;
        using var merged = SparseSegment.Open(stream.ToArray(), "merged");
        merged.Verify();

        bool IsLive(int document) => document >= 800 || document >> 6 >= deleted.Length || ((deleted[document >> 6] >> document) & 1) == 0;
        var live = new Corpus { Documents = [.. corpus.Documents.Where((_, document) => IsLive(document))] };
        foreach ((int[] terms, int[] impacts) in Corpus.GeneratedQueries(2_000, 500, 11, 20))
        {
            SparseHit[] found = new SparseSearcher().Search(merged, terms, impacts, new SparseSearchOptions(50)).Hits;
            Assert.Equal(live.Oracle(terms, impacts, 50), found.Select(hit => hit with { DocId = order[hit.DocId] }));
        }
    }

    [Fact]
    public void A_memory_segment_answers_like_the_sealed_one()
    {
        var corpus = Corpus.Generated(20_000, 1000, 13);
        var options = new SparseBuildOptions();
        var memory = new SparseMemorySegment(options);
        foreach ((int[] terms, byte[] impacts) in corpus.Documents)
        {
            memory.Add(terms, [.. impacts.Select(impact => impact * options.Scale)]);
        }

        ulong[] deleted = [ulong.MaxValue, 0, 0xFF];
        var searcher = new MemorySearcher();
        foreach ((int[] terms, int[] impacts) in Corpus.GeneratedQueries(20_000, 1000, 13, 10))
        {
            Assert.Equal(corpus.Oracle(terms, impacts, 20, deleted), searcher.Search(memory, terms, impacts, 20, deleted).Hits);
        }

        using var builder = new SparseSegmentBuilder(options);
        memory.CopyTo(builder, deleted);
        using var stream = new MemoryStream();
        builder.Build(stream, [], CancellationToken.None);
        using var segment = SparseSegment.Open(stream.ToArray(), "sealed");
        segment.Verify();
        Assert.Equal(20_000 - 72, segment.DocumentCount);
    }

    [Fact]
    public void Statistics_of_two_segments_are_those_of_the_whole()
    {
        var corpus = Corpus.Generated(1_000, 300, 15);
        using var whole = SparseSegment.Open(corpus.Seal(), "whole");
        using var first = SparseSegment.Open(new Corpus { Documents = corpus.Documents[..300] }.Seal(), "first");
        using var second = SparseSegment.Open(new Corpus { Documents = corpus.Documents[300..] }.Seal(), "second");
        SparseStatistics expected = SparseStatistics.Of(whole);
        SparseStatistics sum = SparseStatistics.Of(first, second);
        Assert.Equal(
            (expected.Documents, expected.Postings, expected.Terms, expected.ExpectedFlops, expected.TermsPerDocumentDeviation),
            (sum.Documents, sum.Postings, sum.Terms, sum.ExpectedFlops, sum.TermsPerDocumentDeviation));
        Assert.Equal(whole.SizeInBytes, expected.BytesByPart.Values.Sum());
    }
}
