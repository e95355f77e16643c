namespace Platform.Indexing.Sparse;

/// <summary>Numbers the term ids of a segment under construction from 0 in order of first appearance.</summary>
/// <remarks>Ids below 2^20 are looked up in a table, as vocabularies are dense; larger ones in a dictionary. Not thread-safe.</remarks>
internal sealed class TermTable
{
    private const int TableLimit = 1 << 20;

    private int[] _ordinalPlusOne = [];
    private readonly Dictionary<int, int> _largeIds = [];
    private readonly List<int> _termIds = [];

    /// <summary>How many different terms were seen.</summary>
    public int Count => _termIds.Count;

    /// <summary>The term id of an ordinal.</summary>
    public int TermId(int ordinal) => _termIds[ordinal];

    /// <summary>The ordinal of a term id, given now if the term is new.</summary>
    public int OrdinalOf(int termId)
    {
        if ((uint)termId >= TableLimit)
        {
            return OrdinalOfLarge(termId);
        }

        if (termId >= _ordinalPlusOne.Length)
        {
            Array.Resize(ref _ordinalPlusOne, Math.Min(TableLimit, Math.Max(termId + 1, 2 * _ordinalPlusOne.Length)));
        }

        ref int slot = ref _ordinalPlusOne[termId];
        if (slot == 0)
        {
            _termIds.Add(termId);
            slot = _termIds.Count;
        }

        return slot - 1;
    }

    /// <summary>The ordinal of a term id, or -1 where it was never seen.</summary>
    public int Find(int termId)
    {
        if ((uint)termId >= TableLimit)
        {
            return _largeIds.TryGetValue(termId, out int ordinal) ? ordinal : -1;
        }

        return termId < _ordinalPlusOne.Length ? _ordinalPlusOne[termId] - 1 : -1;
    }

    /// <summary>The ordinals in ascending order of their term ids.</summary>
    public int[] OrdinalsByTermId()
    {
        int[] ids = [.. _termIds];
        int[] ordinals = new int[ids.Length];
        for (int i = 0; i < ordinals.Length; i++)
        {
            ordinals[i] = i;
        }

        Array.Sort(ids, ordinals);
        return ordinals;
    }

    private int OrdinalOfLarge(int termId)
    {
        if (!_largeIds.TryGetValue(termId, out int ordinal))
        {
            ordinal = _termIds.Count;
            _termIds.Add(termId);
            _largeIds.Add(termId, ordinal);
        }

        return ordinal;
    }
}
