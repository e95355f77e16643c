namespace Platform.Indexing.Dense;

/// <summary>A graph that can still grow. Written by <see cref="HnswBuilder"/> and <see cref="HnswMerge"/>.</summary>
/// <remarks>Any number of threads may search it at once, each with its own searcher; growing needs exclusion from searching.</remarks>
internal sealed unsafe class HnswMemoryGraph : HnswGraph
{
    private readonly LinkLists _base;
    private readonly LinkLists _upper;
    private readonly List<int> _starts = [0];
    private int _entry = -1;

    /// <summary>Makes an empty graph.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public HnswMemoryGraph(HnswOptions options)
        : base(options)
    {
        HnswOptions.Check(options);
        _base = new LinkLists(BasePlaces);
        _upper = new LinkLists(UpperPlaces);
    }

    /// <inheritdoc/>
    public override int Count => _starts.Count - 1;

    /// <inheritdoc/>
    public override int Entry => _entry;

    /// <inheritdoc/>
    public override long SizeInBytes => _base.SizeInBytes + _upper.SizeInBytes + (_starts.Capacity * (long)sizeof(int));

    /// <inheritdoc/>
    public override int* Links(int row) => _base.At(row);

    /// <inheritdoc/>
    public override int* UpperLinks(int row, int level) => _upper.At(_starts[row] + level - 1);

    /// <inheritdoc/>
    public override int LevelOf(int row) => _starts[row + 1] - _starts[row];

    /// <summary>The level that the seed gives a row: l or more with probability M^-l, in integers, so the same everywhere.</summary>
    public int DrawLevel(int row)
    {
        ulong drawn = SplitMix.Hash(Options.Seed, (ulong)row);
        int level = 0;
        for (ulong below = ulong.MaxValue / (ulong)Options.M; drawn < below && level < HighestLevel; below /= (ulong)Options.M)
        {
            level++;
        }

        return level;
    }

    /// <summary>Adds a row without links; nothing leads to it yet.</summary>
    public void AddRow(int level)
    {
        _starts.Add(_starts[^1] + level);
        _base.Grow(Count);
        _upper.Grow(_starts[^1]);
    }

    /// <summary>Lets searches start at a row if none is higher.</summary>
    public void OfferEntry(int row)
    {
        if (_entry < 0 || LevelOf(row) > LevelOf(_entry))
        {
            _entry = row;
        }
    }

    /// <summary>Replaces a list.</summary>
    public void SetLinks(int row, int level, ReadOnlySpan<int> neighbours)
    {
        var places = new Span<int>(level == 0 ? Links(row) : UpperLinks(row, level), PlacesOf(level));
        neighbours.CopyTo(places);
        places[neighbours.Length..].Fill(-1);
    }
}
