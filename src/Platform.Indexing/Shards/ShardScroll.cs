using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Platform.Indexing.Shards;

/// <summary>Reads a shard's documents in ascending order of their keys by UTF-8 bytes, a page at a time.</summary>
/// <remarks>
/// A page is of one moment and begins above a key: a document that is there all the while is read exactly once, in one order,
/// however much is written, sealed or merged between pages. The lock is held for a few million postings at most.
/// </remarks>
internal sealed class ShardScroll
{
    private const long PostingsOfOneHold = 4_000_000;

    private readonly ConditionalWeakTable<SealedSegment, SealedScroll> _scrolls = [];

    /// <summary>Reads a page.</summary>
    public ShardPage Read(ShardState state, ScrollRequest request, CancellationToken cancellationToken)
    {
        byte[]? after = request.After is null ? null : Encoding.UTF8.GetBytes(request.After);
        Dictionary<SealedSegment, VectorChunk> pending = [];
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (state.Read(now => TryRead(now, after, request, pending)) is { } page)
            {
                return page;
            }
        }
    }

    private ShardPage? TryRead(ShardState state, byte[]? after, ScrollRequest request, Dictionary<SealedSegment, VectorChunk> pending)
    {
        List<(Segment Segment, int DocId)> found = [];
        foreach (Segment segment in state.Segments)
        {
            List<int> own = segment is SealedSegment file ? ScrollOf(file).Above(after, request.Limit + 1) : InMemory((MemorySegment)segment, after, request.Limit + 1);
            found.AddRange(own.Select(docId => (segment, docId)));
        }

        found.Sort((a, b) => a.Segment.KeyOf(a.DocId).SequenceCompareTo(b.Segment.KeyOf(b.DocId)));
        bool more = found.Count > request.Limit;
        found.RemoveRange(Math.Min(found.Count, request.Limit), Math.Max(0, found.Count - request.Limit));
        Dictionary<(Segment Segment, int DocId), (int[] TermIds, byte[] Impacts)> vectors = [];
        if (request.WithVectors && !TryReadVectors(found, vectors, pending))
        {
            return null;
        }

        List<ShardDocument> documents = [];
        long bytes = 0;
        foreach ((Segment segment, int docId) document in found)
        {
            byte[] stored = document.segment.StoredOf(document.docId);
            (int[] termIds, byte[] impacts) = vectors.GetValueOrDefault(document, ([], []));
            bytes += document.segment.KeyOf(document.docId).Length + stored.Length + (5L * termIds.Length);
            if (documents.Count > 0 && bytes > request.MaxBytes)
            {
                return new ShardPage(documents, More: true);
            }

            documents.Add(new ShardDocument(Encoding.UTF8.GetString(document.segment.KeyOf(document.docId)), stored, termIds, impacts));
        }

        return new ShardPage(documents, more);
    }

    private bool TryReadVectors(
        List<(Segment Segment, int DocId)> documents,
        Dictionary<(Segment Segment, int DocId), (int[] TermIds, byte[] Impacts)> vectors,
        Dictionary<SealedSegment, VectorChunk> pending)
    {
        long postings = PostingsOfOneHold;
        foreach (IGrouping<Segment, (Segment Segment, int DocId)> own in documents.GroupBy(document => document.Segment))
        {
            int[] docIds = [.. own.Select(document => document.DocId)];
            (int[], byte[])[]? read = own.Key is SealedSegment file
                ? ScrollOf(file).VectorsOf(docIds, ref CollectionsMarshal.GetValueRefOrAddDefault(pending, file, out _), ref postings)
                : VectorsInMemory((MemorySegment)own.Key, docIds);
            if (read is null)
            {
                return false;
            }

            for (int i = 0; i < docIds.Length; i++)
            {
                vectors.Add((own.Key, docIds[i]), read[i]);
            }
        }

        return true;
    }

    private SealedScroll ScrollOf(SealedSegment segment) => _scrolls.GetValue(segment, file => new SealedScroll(file));

    /// <summary>The first live documents above a key: a heap keeps the smallest keys seen, the largest of them on top.</summary>
    private static List<int> InMemory(MemorySegment segment, byte[]? after, int most)
    {
        var smallest = new PriorityQueue<int, int>(Comparer<int>.Create((a, b) => segment.KeyOf(b).SequenceCompareTo(segment.KeyOf(a))));
        for (int docId = 0; docId < segment.DocumentCount; docId++)
        {
            if (segment.Deleted.Contains(docId) || (after is not null && segment.KeyOf(docId).SequenceCompareTo(after) <= 0))
            {
                continue;
            }

            if (smallest.Count < most)
            {
                smallest.Enqueue(docId, docId);
            }
            else
            {
                smallest.EnqueueDequeue(docId, docId);
            }
        }

        return [.. smallest.UnorderedItems.Select(item => item.Element)];
    }

    /// <summary>The sparse vectors of some documents of a memory segment.</summary>
    public static (int[] TermIds, byte[] Impacts)[] VectorsInMemory(MemorySegment segment, int[] docIds)
    {
        int[] slotOf = new int[segment.DocumentCount];
        for (int slot = 0; slot < docIds.Length; slot++)
        {
            slotOf[docIds[slot]] = slot + 1;
        }

        var terms = new List<int>[docIds.Length];
        var impacts = new List<byte>[docIds.Length];
        for (int slot = 0; slot < docIds.Length; slot++)
        {
            (terms[slot], impacts[slot]) = ([], []);
        }

        foreach ((int termId, _) in segment.Sparse.TermsAbove(-1))
        {
            foreach (uint posting in segment.Sparse.Postings(termId))
            {
                int slot = slotOf[(int)(posting >> 8)] - 1;
                if (slot >= 0)
                {
                    terms[slot].Add(termId);
                    impacts[slot].Add((byte)posting);
                }
            }
        }

        return [.. terms.Select((own, slot) => (own.ToArray(), impacts[slot].ToArray()))];
    }
}
