namespace Platform.Indexing.Sparse;

/// <summary>What some sparse segments hold, in sums: those of several shards add up to those of the whole.</summary>
public sealed record SparseFigures
{
    /// <summary>Documents, those without a vector and those deleted but not yet dropped included.</summary>
    public required long Documents { get; init; }

    /// <summary>Postings.</summary>
    public required long Postings { get; init; }

    /// <summary>Postings of sealed segments, which the bytes are of.</summary>
    public required long SealedPostings { get; init; }

    /// <summary>Bytes of sealed segments by part of the format.</summary>
    public required IReadOnlyDictionary<string, long> BytesByPart { get; init; }

    /// <summary>Blocks and postings as they lie.</summary>
    public required PostingsLayout Layout { get; init; }

    /// <summary>The same postings as they would lie in a random order of documents, by expectation: what reordering is measured against.</summary>
    public required PostingsLayout RandomLayout { get; init; }

    /// <summary>Counts segments; postings themselves are not touched.</summary>
    internal static SparseFigures Of(IReadOnlyList<SparseSegment> files, IReadOnlyList<SparseMemorySegment> inMemory)
    {
        long sealedPostings = files.Sum(segment => segment.PostingCount);
        PostingsLayout layout = new(0, 0, 0);
        PostingsLayout random = new(0, 0, 0);
        foreach (SparseSegment segment in files)
        {
            for (int ordinal = 0; ordinal < segment.TermCount; ordinal++)
            {
                ref readonly TermRecord record = ref segment.Record(ordinal);
                layout += PostingsLayout.Of(record.PostingCount, record.DenseBlockCount, record.ScatteredCount);
                random += PostingsLayout.InRandomOrder(record.PostingCount, segment.DocumentCount);
            }
        }

        return new SparseFigures
        {
            Documents = files.Sum(segment => (long)segment.DocumentCount) + inMemory.Sum(segment => (long)segment.DocumentCount),
            Postings = sealedPostings + inMemory.Sum(segment => segment.PostingCount),
            SealedPostings = sealedPostings,
            BytesByPart = SparseStatistics.Of(files).BytesByPart,
            Layout = layout,
            RandomLayout = random,
        };
    }
}
