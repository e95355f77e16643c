using Platform.Indexing.Sparse;

namespace Platform.Indexing.Shards;

/// <summary>Measures the sparse part of a shard; call it inside <see cref="ShardState.Read"/>.</summary>
internal static class SparseMeasure
{
    /// <summary>The sums over all segments.</summary>
    public static SparseFigures Figures(ShardState state) => SparseFigures.Of(Files(state), InMemory(state));

    /// <summary>Terms above one, ascending.</summary>
    public static SparseTermCounts Terms(ShardState state, int after, int most) => SparseTermCounts.Of(Files(state), InMemory(state), after, most);

    /// <summary>How many documents have each of some terms.</summary>
    public static long[] Count(ShardState state, int[] termIds)
    {
        long[] counts = new long[termIds.Length];
        foreach (SparseSegment segment in Files(state))
        {
            for (int i = 0; i < termIds.Length; i++)
            {
                int ordinal = segment.FindTerm(termIds[i]);
                counts[i] += ordinal < 0 ? 0 : segment.Record(ordinal).PostingCount;
            }
        }

        foreach (SparseMemorySegment segment in InMemory(state))
        {
            for (int i = 0; i < termIds.Length; i++)
            {
                counts[i] += segment.Postings(termIds[i]).Length;
            }
        }

        return counts;
    }

    private static SparseSegment[] Files(ShardState state) => [.. state.Sealed.Select(segment => segment.Sparse)];

    private static SparseMemorySegment[] InMemory(ShardState state) => [.. state.Segments.OfType<MemorySegment>().Select(segment => segment.Sparse)];
}
