namespace Platform.Indexing.Shards;

/// <summary>What reading a sealed segment in key order remembers between pages: the order, 4 bytes a document, and one chunk of vectors.</summary>
/// <remarks>Thread-safe among readers that hold the shard's lock.</remarks>
internal sealed class SealedScroll(SealedSegment segment)
{
    /// <summary>Postings of a chunk, about: 10 MB. A segment of 100 million postings is read fifty times for an export of all of it.</summary>
    private const long ChunkPostings = 2_000_000;

    private readonly Lock _lock = new();
    private int[]? _byKey;
    private VectorChunk? _chunk;

    /// <summary>The first live documents above a key, in order.</summary>
    public List<int> Above(byte[]? after, int most)
    {
        int[] byKey = ByKey();
        List<int> found = [];
        for (int at = after is null ? 0 : KeyOrder.FirstAbove(segment, byKey, after); at < byKey.Length && found.Count < most; at++)
        {
            if (!segment.Deleted.Contains(byKey[at]))
            {
                found.Add(byKey[at]);
            }
        }

        return found;
    }

    /// <summary>The vectors of documents; null if more has to be read first: call it again.</summary>
    /// <param name="docIds">The documents, in key order.</param>
    /// <param name="pending">The caller's chunk of this segment, so that two scrolls at different places don't undo each other's work.</param>
    /// <param name="postings">How many postings this call may read; left is what it did not.</param>
    public (int[] TermIds, byte[] Impacts)[]? VectorsOf(int[] docIds, ref VectorChunk? pending, ref long postings)
    {
        VectorChunk? chunk = Volatile.Read(ref _chunk);
        if (chunk is null || !chunk.HasAll(docIds))
        {
            if (pending is null || !pending.HasAll(docIds))
            {
                pending = new VectorChunk(segment, WithThoseBehind(docIds));
            }

            postings -= pending.Advance(postings);
            if (!pending.IsWhole)
            {
                return null;
            }

            chunk = pending;
            Volatile.Write(ref _chunk, chunk);
        }

        return Array.ConvertAll(docIds, chunk.VectorOf);
    }

    /// <summary>The documents, and those that stand behind them in the order, as many as a chunk may have.</summary>
    private List<int> WithThoseBehind(int[] docIds)
    {
        int[] byKey = ByKey();
        long postingsOfDocument = Math.Max(1, segment.SparsePostingCount / Math.Max(1, segment.DocumentCount));
        List<int> all = [.. docIds];
        for (int at = Array.IndexOf(byKey, docIds[^1]) + 1; at < byKey.Length && all.Count * postingsOfDocument < ChunkPostings; at++)
        {
            all.Add(byKey[at]);
        }

        return all;
    }

    private int[] ByKey()
    {
        lock (_lock)
        {
            return _byKey ??= KeyOrder.Of(segment);
        }
    }
}
