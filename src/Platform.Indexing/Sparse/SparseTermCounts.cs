namespace Platform.Indexing.Sparse;

/// <summary>Some terms of a shard and in how many documents each is, in ascending term ids.</summary>
/// <param name="TermIds">Term ids.</param>
/// <param name="Counts">Documents, those deleted but not yet dropped included; one a term.</param>
/// <param name="More">Whether there are terms beyond the last.</param>
public sealed record SparseTermCounts(int[] TermIds, long[] Counts, bool More)
{
    /// <summary>Counts the terms above one, from segments whose terms are sorted.</summary>
    /// <param name="files">Sealed segments.</param>
    /// <param name="inMemory">Memory segments.</param>
    /// <param name="after">Terms above this; -1 for all.</param>
    /// <param name="most">How many terms at most, at least 1.</param>
    internal static SparseTermCounts Of(IReadOnlyList<SparseSegment> files, IReadOnlyList<SparseMemorySegment> inMemory, int after, int most)
    {
        var counts = new SortedDictionary<int, long>();
        foreach (SparseSegment segment in files)
        {
            for (int ordinal = FirstAbove(segment, after), taken = 0; ordinal < segment.TermCount && taken <= most; ordinal++, taken++)
            {
                Add(segment.TermId(ordinal), segment.Record(ordinal).PostingCount);
            }
        }

        foreach (SparseMemorySegment segment in inMemory)
        {
            foreach ((int termId, int postings) in segment.TermsAbove(after).Take(most + 1))
            {
                Add(termId, postings);
            }
        }

        // Each segment gave its most + 1 lowest terms, so the most lowest of their union are complete.
        KeyValuePair<int, long>[] lowest = [.. counts.Take(most)];
        return new SparseTermCounts([.. lowest.Select(entry => entry.Key)], [.. lowest.Select(entry => entry.Value)], counts.Count > most);

        void Add(int termId, long documents) => counts[termId] = counts.GetValueOrDefault(termId) + documents;
    }

    private static int FirstAbove(SparseSegment segment, int after)
    {
        int low = 0;
        int high = segment.TermCount;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = segment.TermId(middle) > after ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
