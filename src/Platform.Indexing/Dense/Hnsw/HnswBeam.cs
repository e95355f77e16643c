namespace Platform.Indexing.Dense;

/// <summary>Goes through a graph towards higher scores. Holds what that needs and is reused; not thread-safe.</summary>
internal sealed unsafe class HnswBeam
{
    private const int HopsBetweenChecks = 32;

    private readonly VisitedRows _visited = new();
    private readonly KeyHeap _frontier = new();                 // complements of keys: the best on top
    private readonly KeyHeap _best = new();
    private readonly RowBatch _batch = new();

    /// <summary>Rows scored since <see cref="Start"/>.</summary>
    public long Scored { get; private set; }

    /// <summary>The rows found by <see cref="TryRun"/>, best first, as <see cref="RowKey"/>s; valid until the next call.</summary>
    public Span<ulong> Found
    {
        get
        {
            Span<ulong> keys = _best.Keys;
            keys.Sort();
            keys.Reverse();
            return keys;
        }
    }

    /// <summary>Begins a search of one query.</summary>
    public void Start() => Scored = 0;

    /// <summary>Goes uphill row by row from one level down to another, as long as a neighbour is better.</summary>
    /// <returns>The row where no neighbour on the last level is better.</returns>
    public int Descend<TScorer>(HnswGraph graph, in TScorer scorer, int from, int fromLevel, int toLevel)
        where TScorer : struct, IRowScorer
    {
        int row = from;
        ulong key = KeyOf(scorer, row);
        for (int level = fromLevel; level >= toLevel; level--)
        {
            for (bool better = true; better;)
            {
                better = false;
                Take(graph.Neighbours(row, level));
                scorer.Score(_batch);
                for (int i = 0; i < _batch.Count; i++)
                {
                    ulong other = RowKey.Of(_batch.Scores[i], _batch.Rows[i]);
                    if (RowKey.IsBetter(other, key))
                    {
                        (key, row, better) = (other, _batch.Rows[i], true);
                    }
                }
            }
        }

        return row;
    }

    /// <summary>Finds the best rows of a level that the gate admits, approximately.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="scorer">What to maximise.</param>
    /// <param name="gate">Which rows may be returned.</param>
    /// <param name="from">A row of the level.</param>
    /// <param name="level">The level.</param>
    /// <param name="ef">How many to keep: the wider the beam, the more is found.</param>
    /// <param name="budget">Gives up once this many rows were scored.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>False where it gave up.</returns>
    /// <exception cref="DenseFormatException">A list or row on the way is damaged.</exception>
    public bool TryRun<TScorer, TGate>(
        HnswGraph graph, in TScorer scorer, in TGate gate, int from, int level, int ef, long budget, CancellationToken cancellationToken)
        where TScorer : struct, IRowScorer
        where TGate : struct, IRowGate, allows ref struct
    {
        _visited.Start(graph.Count);
        _frontier.Clear();
        _best.Clear();
        _visited.Add(from);
        Offer(gate, KeyOf(scorer, from), ef);
        for (int hop = 1; _frontier.Count > 0; hop++)
        {
            ulong key = ~_frontier.Pop();
            if (_best.Count == ef && RowKey.IsBetter(_best.Least, key))
            {
                break;                                          // the best of what is left is worse than all that is kept
            }

            if (hop % HopsBetweenChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            TakeUnseen(graph.Neighbours(RowKey.RowOf(key), level));
            scorer.Score(_batch);
            Scored += _batch.Count;
            if (Scored > budget)
            {
                return false;
            }

            for (int i = 0; i < _batch.Count; i++)
            {
                Offer(gate, RowKey.Of(_batch.Scores[i], _batch.Rows[i]), ef);
            }
        }

        return true;
    }

    private void Offer<TGate>(in TGate gate, ulong key, int ef)
        where TGate : struct, IRowGate, allows ref struct
    {
        bool full = _best.Count == ef;
        if (full && !RowKey.IsBetter(key, _best.Least))
        {
            return;
        }

        _frontier.Push(~key);
        if (!gate.Admits(RowKey.RowOf(key)))
        {
            return;
        }

        if (full)
        {
            _best.ReplaceLeast(key);
        }
        else
        {
            _best.Push(key);
        }
    }

    private ulong KeyOf<TScorer>(in TScorer scorer, int row)
        where TScorer : struct, IRowScorer
    {
        _batch.Rows[0] = row;
        _batch.Count = 1;
        scorer.Score(_batch);
        Scored++;
        return RowKey.Of(_batch.Scores[0], row);
    }

    private void Take(ReadOnlySpan<int> rows)
    {
        rows.CopyTo(new Span<int>(_batch.Rows, RowBatch.Capacity));
        _batch.Count = rows.Length;
        Scored += rows.Length;
    }

    private void TakeUnseen(ReadOnlySpan<int> rows)
    {
        int count = 0;
        foreach (int row in rows)
        {
            if (_visited.Add(row))
            {
                _batch.Rows[count++] = row;
            }
        }

        _batch.Count = count;
    }
}
