namespace Platform.Indexing.Fields;

/// <summary>The sets of the filters that a sealed segment was last asked for. Safe on any number of threads.</summary>
internal sealed class FilterCache
{
    /// <summary>Filters that are kept. A set and its complement are a quarter of a byte a document, so 4 MB a million documents in all.</summary>
    private const int MostFilters = 16;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private long _uses;

    /// <summary>The set of a filter, made where it is not known.</summary>
    public FilterMatches Get(FieldFilter filter, Func<FieldFilter, FilterMatches> make)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(filter.Key, out Entry? known))
            {
                known.LastUse = ++_uses;
                return known.Matches;
            }
        }

        FilterMatches made = make(filter);                   // outside: others need not wait for it
        lock (_lock)
        {
            if (_entries.Count >= MostFilters)
            {
                _entries.Remove(_entries.MinBy(entry => entry.Value.LastUse).Key);
            }

            _entries[filter.Key] = new Entry(made) { LastUse = ++_uses };
            return made;
        }
    }

    private sealed class Entry(FilterMatches matches)
    {
        public FilterMatches Matches { get; } = matches;

        public long LastUse { get; set; }
    }
}
