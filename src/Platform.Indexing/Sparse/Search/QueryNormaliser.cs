namespace Platform.Indexing.Sparse;

/// <summary>Brings a query into the form the algorithms take: distinct terms, summed, none of weight 0.</summary>
/// <remarks>Reused for every query; not thread-safe.</remarks>
internal sealed class QueryNormaliser
{
    /// <summary>The largest magnitude of one query weight.</summary>
    public const int LargestImpact = (1 << 16) - 1;

    private int[] _termIds = new int[128];
    private int[] _impacts = new int[128];
    private int[] _byWeight = new int[128];

    /// <summary>Distinct terms of the query.</summary>
    public int Count { get; private set; }

    /// <summary>The terms, ascending but after query-term pruning.</summary>
    public ReadOnlySpan<int> TermIds => _termIds.AsSpan(0, Count);

    /// <summary>Their weights, none 0.</summary>
    public ReadOnlySpan<int> Impacts => _impacts.AsSpan(0, Count);

    /// <summary>Takes a query.</summary>
    /// <param name="termIds">Its terms.</param>
    /// <param name="impacts">Its weights.</param>
    /// <param name="share">Keeps the strongest terms that hold this share of the weight; 1 for all.</param>
    public void Normalise(ReadOnlySpan<int> termIds, ReadOnlySpan<int> impacts, float share)
    {
        if (termIds.Length != impacts.Length)
        {
            throw new ArgumentException($"A query has {termIds.Length} terms but {impacts.Length} weights; give one weight a term.", nameof(impacts));
        }

        if (termIds.Length > _termIds.Length)
        {
            _termIds = new int[2 * termIds.Length];
            _impacts = new int[2 * termIds.Length];
            _byWeight = new int[2 * termIds.Length];
        }

        termIds.CopyTo(_termIds);
        impacts.CopyTo(_impacts);
        _termIds.AsSpan(0, termIds.Length).Sort(_impacts.AsSpan(0, termIds.Length));
        Count = 0;
        for (int i = 0; i < termIds.Length;)
        {
            int term = _termIds[i];
            long sum = 0;
            for (; i < termIds.Length && _termIds[i] == term; i++)
            {
                sum += _impacts[i];
            }

            if (Math.Abs(sum) > LargestImpact)
            {
                throw new ArgumentOutOfRangeException(nameof(impacts), $"The query's weight of term {term} is {sum}; it must lie within ±{LargestImpact}. Quantise query weights to 1..255.");
            }

            if (sum != 0)
            {
                _termIds[Count] = term;
                _impacts[Count++] = (int)sum;
            }
        }

        if (share < 1f)
        {
            Prune(share);
        }
    }

    private void Prune(float share)
    {
        long total = 0;
        for (int i = 0; i < Count; i++)
        {
            _byWeight[i] = -Math.Abs(_impacts[i]);
            total -= _byWeight[i];
        }

        // Strongest first; a weight that the share just reaches is the last one kept.
        _byWeight.AsSpan(0, Count).Sort();
        long sum = 0;
        int least = 0;
        for (int i = 0; i < Count && sum < total * (double)share; i++)
        {
            least = -_byWeight[i];
            sum += least;
        }

        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (Math.Abs(_impacts[i]) >= least)
            {
                _termIds[kept] = _termIds[i];
                _impacts[kept++] = _impacts[i];
            }
        }

        Count = kept;
    }
}
