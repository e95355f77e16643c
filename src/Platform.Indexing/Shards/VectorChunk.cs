using Platform.Indexing.Sparse;

namespace Platform.Indexing.Shards;

/// <summary>The sparse vectors of some documents of a sealed segment, gathered out of its postings, which lie by term.</summary>
/// <remarks>
/// One pass counts, a second one fills: as each reads every posting of the segment, a chunk has many documents and serves many
/// pages. <see cref="Advance"/> works in slices, so that nobody waits for it long. Once whole, safe on any number of threads.
/// </remarks>
internal sealed class VectorChunk
{
    private readonly SealedSegment _segment;
    private readonly int[] _slotOf;
    private readonly int[] _starts;
    private int[] _used;
    private int[] _termIds = [];
    private byte[] _impacts = [];
    private int _ordinal;
    private bool _fills;

    /// <summary>Begins a chunk.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="docIds">Its documents.</param>
    public VectorChunk(SealedSegment segment, IReadOnlyList<int> docIds)
    {
        _segment = segment;
        _slotOf = new int[segment.DocumentCount];
        _slotOf.AsSpan().Fill(-1);
        for (int slot = 0; slot < docIds.Count; slot++)
        {
            _slotOf[docIds[slot]] = slot;
        }

        _used = new int[docIds.Count];
        _starts = new int[docIds.Count + 1];
    }

    /// <summary>Whether every vector is there.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Whether some documents are the chunk's.</summary>
    public bool HasAll(int[] docIds) => Array.TrueForAll(docIds, docId => _slotOf[docId] >= 0);

    /// <summary>Reads on, at least one term and then until so many postings were read. The caller holds the shard's lock.</summary>
    /// <returns>The postings read.</returns>
    public long Advance(long postings)
    {
        long read = 0;
        SparseSegment sparse = _segment.Sparse;
        while (!IsWhole && read < postings)
        {
            if (_ordinal < sparse.TermCount)
            {
                read += ReadTerm(sparse, _ordinal++);
            }
            else if (_fills)
            {
                IsWhole = true;
            }
            else
            {
                BeginToFill();
            }
        }

        return read;
    }

    /// <summary>A document's vector, term ids ascending.</summary>
    public (int[] TermIds, byte[] Impacts) VectorOf(int docId)
    {
        int slot = _slotOf[docId];
        return (_termIds[_starts[slot].._starts[slot + 1]], _impacts[_starts[slot].._starts[slot + 1]]);
    }

    private void BeginToFill()
    {
        for (int slot = 0; slot < _used.Length; slot++)
        {
            _starts[slot + 1] = _starts[slot] + _used[slot];
        }

        _termIds = new int[_starts[^1]];
        _impacts = new byte[_starts[^1]];
        _used = new int[_used.Length];
        _ordinal = 0;
        _fills = true;
    }

    // Terms come in ascending order of their ids, so that each vector's do.
    private int ReadTerm(SparseSegment sparse, int ordinal)
    {
        int termId = sparse.TermId(ordinal);
        var postings = new PostingsDecoder(sparse, ordinal);
        int read = 0;
        while (postings.Next())
        {
            read++;
            int slot = _slotOf[postings.DocId];
            if (slot < 0)
            {
                continue;
            }

            if (_fills)
            {
                _termIds[_starts[slot] + _used[slot]] = termId;
                _impacts[_starts[slot] + _used[slot]] = postings.Impact;
            }

            _used[slot]++;
        }

        return read;
    }
}
