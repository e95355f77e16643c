using System.Runtime.InteropServices;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;

namespace Platform.Silo.Grains;

/// <summary>A shard's sparse figures, from the index's words to the wire's.</summary>
internal static class SparseReports
{
    /// <summary>12 bytes a term: 600 KB, below the megabyte of a message.</summary>
    private const int TermsPerReport = 50_000;

    /// <summary>The sums, and the terms above one.</summary>
    public static SparseReport Of(Shard shard, int afterTerm)
    {
        SparseFigures figures = shard.MeasureSparse();
        SparseTermCounts terms = shard.ListSparseTerms(afterTerm, TermsPerReport);
        return new SparseReport
        {
            Sums = new SparseSums
            {
                Documents = figures.Documents,
                Postings = figures.Postings,
                SealedPostings = figures.SealedPostings,
                BytesByPart = [.. figures.BytesByPart.Select(part => new PartBytes(part.Key, part.Value))],
                Layout = LayoutOf(figures.Layout),
                RandomLayout = LayoutOf(figures.RandomLayout),
            },
            TermIds = MemoryMarshal.AsBytes(terms.TermIds.AsSpan()).ToArray(),
            Counts = MemoryMarshal.AsBytes(terms.Counts.AsSpan()).ToArray(),
            More = terms.More,
        };
    }

    /// <summary>The counts of given terms.</summary>
    public static SparseTermFrequencies Count(Shard shard, int[] termIds)
    {
        (long documents, long[] counts) = shard.CountSparseTerms(termIds);
        return new SparseTermFrequencies(documents, counts, new ShardCoverage(1, []));
    }

    private static SparseLayout LayoutOf(PostingsLayout layout) => new(layout.DensePostings, layout.Steps, layout.Bytes);
}
