namespace Platform.Indexing.Dense;

/// <summary>A navigable small-world graph over the rows of some vectors: who is near whom, in levels that thin out upwards.</summary>
/// <remarks>
/// Malkov and Yashunin 2018, arXiv:1603.09320. A list of links has a fixed number of places and ends early at -1. What a list of
/// level l names exists on level l, so a search needs no check of its own. The vectors are not part of the graph.
/// </remarks>
internal abstract unsafe class HnswGraph(HnswOptions options)
{
    /// <summary>The highest level a row may have.</summary>
    public const int HighestLevel = 15;

    /// <summary>How it was built.</summary>
    public HnswOptions Options { get; } = options;

    /// <summary>Places of a list of level 0.</summary>
    public int BasePlaces { get; } = 2 * options.M;

    /// <summary>Places of a list of a level above.</summary>
    public int UpperPlaces { get; } = options.M;

    /// <summary>Rows.</summary>
    public abstract int Count { get; }

    /// <summary>Where searches start: a row of the highest level; -1 in an empty graph.</summary>
    public abstract int Entry { get; }

    /// <summary>Bytes held or mapped.</summary>
    public abstract long SizeInBytes { get; }

    /// <summary>A row's neighbours on level 0.</summary>
    /// <exception cref="DenseFormatException">The list is damaged.</exception>
    public abstract int* Links(int row);

    /// <summary>A row's neighbours on a level from 1 to its own.</summary>
    public abstract int* UpperLinks(int row, int level);

    /// <summary>The highest level of a row.</summary>
    public abstract int LevelOf(int row);

    /// <summary>Places of a list of a level.</summary>
    public int PlacesOf(int level) => level == 0 ? BasePlaces : UpperPlaces;

    /// <summary>A row's neighbours on a level.</summary>
    /// <exception cref="DenseFormatException">The list is damaged.</exception>
    public ReadOnlySpan<int> Neighbours(int row, int level)
    {
        var places = new ReadOnlySpan<int>(level == 0 ? Links(row) : UpperLinks(row, level), PlacesOf(level));
        int end = places.IndexOf(-1);
        return end < 0 ? places : places[..end];
    }
}
