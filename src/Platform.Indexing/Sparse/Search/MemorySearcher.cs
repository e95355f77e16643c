using System.Runtime.InteropServices;
using Platform.Indexing.Ranking;

namespace Platform.Indexing.Sparse;

/// <summary>Answers queries on memory segments: every posting, window by window, signed weights included.</summary>
/// <remarks>Keep one a thread and reuse it; not thread-safe.</remarks>
internal sealed class MemorySearcher
{
    private readonly QueryNormaliser _query = new();
    private readonly int[] _sums = new int[BlockLayout.WindowSize];
    private readonly ulong[] _matched = new ulong[BlockLayout.BlocksPerWindow];
    private readonly List<SparseHit> _found = [];
    private int[] _positions = [];

    /// <summary>Finds the k best documents.</summary>
    /// <param name="segment">Nobody may add to it until this returns.</param>
    /// <param name="termIds">The query's terms; those that repeat are summed.</param>
    /// <param name="impacts">Their weights; 0 is ignored, negative is allowed.</param>
    /// <param name="k">How many, at least 1.</param>
    /// <param name="deleted">One bit a document, set where it must not be found.</param>
    /// <param name="tieOrder">Which of two docIds with equal scores comes first; null for the smaller.</param>
    /// <param name="work">Told after each window; null for a search that always ends.</param>
    public SparseTopK Search(
        SparseMemorySegment segment,
        ReadOnlySpan<int> termIds,
        ReadOnlySpan<int> impacts,
        int k,
        ReadOnlySpan<ulong> deleted = default,
        IComparer<int>? tieOrder = null,
        SearchWork? work = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        _query.Normalise(termIds, impacts, share: 1f);
        _found.Clear();
        if (_positions.Length < _query.Count)
        {
            _positions = new int[2 * _query.Count];
        }

        _positions.AsSpan().Clear();
        var order = new HitOrder(tieOrder ?? Comparer<int>.Default);
        long threshold = long.MinValue;
        long postings = 0;
        int documents = 0;
        for (int first = 0; first < segment.DocumentCount; first += BlockLayout.WindowSize)
        {
            _sums.AsSpan().Clear();
            _matched.AsSpan().Clear();
            long reported = postings;
            for (int i = 0; i < _query.Count; i++)
            {
                int before = _positions[i];
                _positions[i] = AddTerm(segment.Postings(_query.TermIds[i]), before, first, _query.Impacts[i]);
                postings += _positions[i] - before;
            }

            documents += Collect(first, deleted, threshold);
            threshold = Cut(k, order, threshold);
            work?.Add(postings - reported);
        }

        _found.Sort(order);
        SparseHit[] hits = CollectionsMarshal.AsSpan(_found)[..Math.Min(k, _found.Count)].ToArray();
        int windows = BlockLayout.WindowsOf(segment.DocumentCount);
        return new SparseTopK(hits, new SparseExecution(
            SparseAlgorithm.Exhaustive, true, _query.Count, windows, BlockLayout.BlocksOf(segment.DocumentCount), documents, postings, postings));
    }

    private int AddTerm(ReadOnlySpan<uint> postings, int position, int first, int weight)
    {
        for (; position < postings.Length; position++)
        {
            uint posting = postings[position];
            int doc = (int)(posting >> 8) - first;
            if ((uint)doc >= (uint)_sums.Length)
            {
                break;
            }

            _sums[doc] += (int)(posting & 255) * weight;
            _matched[doc >> 6] |= 1UL << doc;
        }

        return position;
    }

    private int Collect(int first, ReadOnlySpan<ulong> deleted, long threshold)
    {
        int documents = 0;
        for (int doc = 0; doc < _sums.Length; doc++)
        {
            int docId = first + doc;
            bool dropped = docId >> 6 < deleted.Length && ((deleted[docId >> 6] >> docId) & 1) != 0;
            if (((_matched[doc >> 6] >> doc) & 1) == 0 || dropped)
            {
                continue;
            }

            documents++;
            if (_sums[doc] >= threshold)
            {
                _found.Add(new SparseHit(docId, _sums[doc]));
            }
        }

        return documents;
    }

    // Equal scores are kept until the order of ties has been asked, once a window.
    private long Cut(int k, HitOrder order, long threshold)
    {
        if (_found.Count <= k)
        {
            return threshold;
        }

        _found.Sort(order);
        _found.RemoveRange(k, _found.Count - k);
        return _found[^1].Score;
    }

    private sealed class HitOrder(IComparer<int> ties) : IComparer<SparseHit>
    {
        public int Compare(SparseHit x, SparseHit y) =>
            x.Score != y.Score ? y.Score.CompareTo(x.Score) : ties.Compare(x.DocId, y.DocId);
    }
}
