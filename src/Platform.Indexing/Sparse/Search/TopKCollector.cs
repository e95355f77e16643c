using System.Numerics;

namespace Platform.Indexing.Sparse;

/// <summary>Keeps the k best of the documents offered, by score descending then key rank ascending.</summary>
/// <remarks>
/// A buffer of at least 2k that is cut back to k by selection when it is full: cheaper than a heap, since most offers come early.
/// A key is score + 2^31 in the high half and the complement of the rank in the low half, so that larger is better. Not thread-safe.
/// </remarks>
internal sealed class TopKCollector
{
    private const int BucketBits = 10;
    private const int LeastCounted = 64;

    private readonly int[] _buckets = new int[1 << BucketBits];
    private ulong[] _keys = new ulong[256];
    private int[] _docIds = new int[256];
    private int _k, _capacity, _count;
    private ulong _worstKept;

    /// <summary>The least score that may still enter: 1 until k documents are known, as a score of 0 is no match.</summary>
    public long Threshold { get; private set; }

    /// <summary>Empties the collector.</summary>
    /// <param name="k">How many to keep.</param>
    /// <param name="documentCount">How many can be offered at most.</param>
    public void Start(int k, int documentCount)
    {
        _k = Math.Min(k, Math.Max(1, documentCount));
        _capacity = (int)Math.Min(int.MaxValue / 2, (2L * _k) + 64);
        _count = 0;
        _worstKept = 0;
        Threshold = 1;
    }

    /// <summary>Lowers the first threshold below any score, for queries with negative weights.</summary>
    public void AcceptAnyScore() => Threshold = long.MinValue;

    /// <summary>Offers a document; each at most once.</summary>
    /// <param name="docId">The document.</param>
    /// <param name="score">Its score, within 32 bits.</param>
    /// <param name="keyRank">The rank of its key.</param>
    public void Offer(int docId, long score, int keyRank)
    {
        ulong key = ((ulong)(score + (1L << 31)) << 32) | ~(uint)keyRank;
        if (key <= _worstKept)
        {
            return;
        }

        if (_count == _keys.Length)
        {
            int size = (int)Math.Min((uint)_capacity, 2u * (uint)_count);
            Array.Resize(ref _keys, size);
            Array.Resize(ref _docIds, size);
        }

        _keys[_count] = key;
        _docIds[_count++] = docId;
        if (_count == _capacity)
        {
            Cut();
        }
    }

    /// <summary>Raises the threshold if the documents offered since the last time are worth the selection.</summary>
    public void Tighten()
    {
        if (_count >= _k + (_k / 2) || (_worstKept == 0 && _count >= _k))
        {
            Cut();
        }
    }

    /// <summary>Returns the best documents, best first. The collector must be started again before the next offer.</summary>
    public SparseHit[] Finish()
    {
        if (_count > _k)
        {
            SelectLargest(_keys.AsSpan(0, _count), _docIds.AsSpan(0, _count), _k);
            _count = _k;
        }

        Span<ulong> keys = _keys.AsSpan(0, _count);
        Span<int> docIds = _docIds.AsSpan(0, _count);
        keys.Sort(docIds);
        var hits = new SparseHit[_count];
        for (int i = 0; i < hits.Length; i++)
        {
            int from = _count - 1 - i;
            hits[i] = new SparseHit(docIds[from], (long)(keys[from] >> 32) - (1L << 31));
        }

        return hits;
    }

    // By counting where that leaves little more than k, else by selection.
    private void Cut()
    {
        if (_k >= LeastCounted && CutByCounting())
        {
            return;
        }

        Span<ulong> keys = _keys.AsSpan(0, _count);
        SelectLargest(keys, _docIds.AsSpan(0, _count), _k);
        ulong worst = ulong.MaxValue;
        foreach (ulong key in keys[.._k])
        {
            worst = Math.Min(worst, key);
        }

        _count = _k;
        _worstKept = worst;
        Threshold = (long)(worst >> 32) - (1L << 31);
    }

    // Two passes without unpredictable branches: count scores by bucket, then keep all from the bucket of the k-th on.
    private bool CutByCounting()
    {
        ulong least = ulong.MaxValue;
        ulong most = 0;
        foreach (ulong key in _keys.AsSpan(0, _count))
        {
            least = Math.Min(least, key >> 32);
            most = Math.Max(most, key >> 32);
        }

        int shift = Math.Max(0, BitOperations.Log2(most - least + 1) + 1 - BucketBits);
        Span<int> buckets = _buckets;
        buckets.Clear();
        foreach (ulong key in _keys.AsSpan(0, _count))
        {
            buckets[(int)(((key >> 32) - least) >> shift)]++;
        }

        int bucket = buckets.Length;
        int kept = 0;
        while (kept < _k)
        {
            kept += buckets[--bucket];
        }

        if (kept > _k + (_k / 4))
        {
            return false;
        }

        ulong edge = (least + ((ulong)bucket << shift)) << 32;
        int count = 0;
        for (int i = 0; i < _count; i++)
        {
            ulong key = _keys[i];
            _keys[count] = key;
            _docIds[count] = _docIds[i];
            count += key >= edge ? 1 : 0;
        }

        _count = count;
        _worstKept = edge - 1;
        Threshold = (long)(edge >> 32) - (1L << 31);
        return true;
    }

    // Hoare's quickselect: afterwards the first k are the k largest, in no order. Keys are distinct.
    private static void SelectLargest(Span<ulong> keys, Span<int> docIds, int k)
    {
        int low = 0;
        int high = keys.Length - 1;
        while (low < high)
        {
            ulong a = keys[low], b = keys[(low + high) >>> 1], c = keys[high];
            ulong pivot = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
            int i = low;
            int j = high;
            while (i <= j)
            {
                while (keys[i] > pivot)
                {
                    i++;
                }

                while (keys[j] < pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (keys[i], keys[j]) = (keys[j], keys[i]);
                    (docIds[i], docIds[j]) = (docIds[j], docIds[i]);
                    i++;
                    j--;
                }
            }

            if (k - 1 <= j)
            {
                high = j;
            }
            else if (k - 1 >= i)
            {
                low = i;
            }
            else
            {
                return;
            }
        }
    }
}
