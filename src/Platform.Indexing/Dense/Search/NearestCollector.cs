namespace Platform.Indexing.Dense;

/// <summary>Keeps the k best of the documents offered, by score descending then the caller's order of ties.</summary>
/// <remarks>A buffer that is sorted and cut back to k when it is full: few offers pass the threshold. Not thread-safe.</remarks>
internal sealed class NearestCollector
{
    private readonly EntryOrder _order = new();
    private readonly Comparison<DenseHit> _compare;            // kept, since Sort makes one of each comparer it is given
    private DenseHit[] _entries = new DenseHit[64];
    private int _k, _count, _cutAt;

    public NearestCollector() => _compare = _order.Compare;

    /// <summary>The least score that may still enter: any until k documents are known.</summary>
    public float Threshold { get; private set; }

    /// <summary>Empties the collector.</summary>
    /// <param name="k">How many to keep, at least 1.</param>
    /// <param name="most">How many can be offered at most.</param>
    /// <param name="tieOrder">Which of two docIds with equal scores comes first; null for the smaller.</param>
    public void Start(int k, int most, IComparer<int>? tieOrder)
    {
        _k = Math.Min(k, Math.Max(1, most));
        _cutAt = _k;
        _count = 0;
        _order.Ties = tieOrder ?? Comparer<int>.Default;
        Threshold = float.NegativeInfinity;
    }

    /// <summary>Offers a document; each at most once.</summary>
    public void Offer(int docId, float score)
    {
        if (score < Threshold)
        {
            return;
        }

        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, 2 * _count);
        }

        _entries[_count++] = new DenseHit(docId, score + 0f);      // -0 becomes 0, lest it order before it
        if (_count >= _cutAt)
        {
            Cut();
        }
    }

    /// <summary>Returns the best documents, best first. The collector must be started again before the next offer.</summary>
    public DenseHit[] Finish()
    {
        _entries.AsSpan(0, _count).Sort(_compare);
        return _entries[..Math.Min(_k, _count)];
    }

    private void Cut()
    {
        _entries.AsSpan(0, _count).Sort(_compare);
        _count = _k;
        _cutAt = _k + Math.Max(16, _k / 2);
        Threshold = _entries[_k - 1].Score;
    }

    private sealed class EntryOrder : IComparer<DenseHit>
    {
        public IComparer<int> Ties { get; set; } = Comparer<int>.Default;

        public int Compare(DenseHit x, DenseHit y) =>
            x.Score != y.Score ? y.Score.CompareTo(x.Score) : Ties.Compare(x.DocId, y.DocId);
    }
}
