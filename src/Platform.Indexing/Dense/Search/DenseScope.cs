namespace Platform.Indexing.Dense;

/// <summary>Which documents may be found, and which of two with equal scores comes first. The default is all, by docId.</summary>
internal readonly ref struct DenseScope
{
    /// <summary>One bit a document, set where it must not be found; shorter means none beyond.</summary>
    public ReadOnlySpan<ulong> Deleted { get; init; }

    /// <summary>Whether <see cref="Allowed"/> counts.</summary>
    public bool HasFilter { get; init; }

    /// <summary>With a filter: one bit a document, set where it matches; shorter means none beyond.</summary>
    public ReadOnlySpan<ulong> Allowed { get; init; }

    /// <summary>Which of two docIds with equal scores comes first: normally by document key. Null for the smaller docId.</summary>
    public IComparer<int>? TieOrder { get; init; }

    /// <summary>Whether every document may be found.</summary>
    public bool IsEverything => !HasFilter && Deleted.IsEmpty;

    /// <summary>Whether a document may be found.</summary>
    public bool Contains(int docId) => !IsSet(Deleted, docId) && (!HasFilter || IsSet(Allowed, docId));

    /// <summary>The rows of a block that may be found, a bit each.</summary>
    public ulong RowsOf(VectorRows rows, int block)
    {
        int first = block * VectorLayout.BlockSize;
        int count = Math.Min(VectorLayout.BlockSize, rows.Count - first);
        ulong all = count == VectorLayout.BlockSize ? ulong.MaxValue : (1UL << count) - 1;
        if (IsEverything)
        {
            return all;
        }

        int firstDocId = rows.DocIdOf(first);
        if (firstDocId % VectorLayout.BlockSize == 0 && rows.DocIdOf(first + count - 1) == firstDocId + count - 1)
        {
            int word = firstDocId / VectorLayout.BlockSize;
            return all & ~WordOf(Deleted, word) & (HasFilter ? WordOf(Allowed, word) : ulong.MaxValue);
        }

        ulong found = 0;
        for (int i = 0; i < count; i++)
        {
            found |= Contains(rows.DocIdOf(first + i)) ? 1UL << i : 0;
        }

        return found;
    }

    private static ulong WordOf(ReadOnlySpan<ulong> bits, int word) => word < bits.Length ? bits[word] : 0;

    private static bool IsSet(ReadOnlySpan<ulong> bits, int docId)
    {
        int word = docId >> 6;
        return word < bits.Length && ((bits[word] >> docId) & 1) != 0;
    }
}
