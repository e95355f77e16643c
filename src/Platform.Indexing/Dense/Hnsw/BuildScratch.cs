namespace Platform.Indexing.Dense;

/// <summary>What one thread of a build needs. Reused; not thread-safe.</summary>
internal sealed unsafe class BuildScratch(VectorRows rows, float[] penalties)
{
    private readonly HnswBeam _beam = new();
    private readonly NeighbourSelection _selection = new(rows, penalties);
    private readonly RowBatch _batch = new();
    private readonly sbyte[] _code = GC.AllocateArray<sbyte>(2 * rows.Layout.CodeBytes, pinned: true);
    private readonly List<ulong> _keys = [];
    private readonly HashSet<int> _seen = [];

    /// <summary>Chooses the links of a row that nothing leads to yet, on all its levels that the graph already has.</summary>
    public void Link(HnswMemoryGraph graph, int row, CancellationToken cancellationToken)
    {
        NearnessScorer scorer = NearnessScorer.To(rows, penalties, row, _code);
        int top = graph.LevelOf(graph.Entry);
        int own = Math.Min(top, graph.LevelOf(row));
        _beam.Start();
        int from = top > own ? _beam.Descend(graph, scorer, graph.Entry, top, own + 1) : graph.Entry;
        for (int level = own; level >= 0; level--)
        {
            _beam.TryRun(graph, scorer, default(OpenGate), from, level, graph.Options.EfConstruction, long.MaxValue, cancellationToken);
            Span<ulong> found = _beam.Found;
            from = RowKey.RowOf(found[0]);
            graph.SetLinks(row, level, _selection.Select(row, found, graph.Options.M));
        }
    }

    /// <summary>Adds sources to a row's list, and chooses again where they do not fit.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="row">Whose list.</param>
    /// <param name="level">Of which level.</param>
    /// <param name="sources">Rows that have a link to this one, none of them in the list; their rows in the lower 32 bits.</param>
    public void LinkBack(HnswMemoryGraph graph, int row, int level, ReadOnlySpan<ulong> sources)
    {
        int* places = level == 0 ? graph.Links(row) : graph.UpperLinks(row, level);
        ReadOnlySpan<int> present = graph.Neighbours(row, level);
        if (present.Length + sources.Length <= graph.PlacesOf(level))
        {
            for (int i = 0; i < sources.Length; i++)
            {
                places[present.Length + i] = (int)(uint)sources[i];
            }

            return;
        }

        StartCandidates(row);
        foreach (int neighbour in present)
        {
            AddCandidate(neighbour);
        }

        foreach (ulong source in sources)
        {
            AddCandidate((int)(uint)source);
        }

        SelectInto(graph, row, level);
    }

    /// <summary>Begins to collect candidates for a row's list.</summary>
    public void StartCandidates(int row)
    {
        _keys.Clear();
        _seen.Clear();
        _seen.Add(row);
    }

    /// <summary>Adds a candidate; the row itself and a repeated one are passed over.</summary>
    public void AddCandidate(int candidate)
    {
        if (_seen.Add(candidate))
        {
            _keys.Add((uint)candidate);
        }
    }

    /// <summary>Chooses a row's list out of the candidates collected.</summary>
    public void SelectInto(HnswMemoryGraph graph, int row, int level)
    {
        NearnessScorer scorer = NearnessScorer.To(rows, penalties, row, _code);
        Span<ulong> keys = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_keys);
        for (int first = 0; first < keys.Length; first += RowBatch.Capacity)
        {
            Span<ulong> part = keys.Slice(first, Math.Min(RowBatch.Capacity, keys.Length - first));
            _batch.Count = part.Length;
            for (int i = 0; i < part.Length; i++)
            {
                _batch.Rows[i] = (int)(uint)part[i];
            }

            scorer.Score(_batch);
            for (int i = 0; i < part.Length; i++)
            {
                part[i] = RowKey.Of(_batch.Scores[i], _batch.Rows[i]);
            }
        }

        keys.Sort();
        keys.Reverse();
        graph.SetLinks(row, level, _selection.Select(row, keys, graph.PlacesOf(level)));
    }
}
