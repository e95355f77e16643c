namespace Platform.Indexing.Dense;

/// <summary>A binary heap of 64-bit keys, the least on top. Grows and is reused; not thread-safe.</summary>
internal sealed class KeyHeap
{
    private ulong[] _keys = new ulong[256];

    /// <summary>Keys held.</summary>
    public int Count { get; private set; }

    /// <summary>The least key; there must be one.</summary>
    public ulong Least => _keys[0];

    /// <summary>The keys, in no order that means anything; sorting them leaves a heap.</summary>
    public Span<ulong> Keys => _keys.AsSpan(0, Count);

    /// <summary>Empties the heap.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a key.</summary>
    public void Push(ulong key)
    {
        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, 2 * Count);
        }

        ulong[] keys = _keys;
        int at = Count++;
        while (at > 0)
        {
            int parent = (at - 1) / 2;
            if (keys[parent] <= key)
            {
                break;
            }

            keys[at] = keys[parent];
            at = parent;
        }

        keys[at] = key;
    }

    /// <summary>Removes and returns the least key; there must be one.</summary>
    public ulong Pop()
    {
        ulong least = _keys[0];
        ulong last = _keys[--Count];
        if (Count > 0)
        {
            ReplaceLeast(last);
        }

        return least;
    }

    /// <summary>Removes the least key and adds another; there must be one.</summary>
    public void ReplaceLeast(ulong key)
    {
        Span<ulong> keys = _keys.AsSpan(0, Count);
        int at = 0;
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= keys.Length)
            {
                break;
            }

            if (child + 1 < keys.Length && keys[child + 1] < keys[child])
            {
                child++;
            }

            if (keys[child] >= key)
            {
                break;
            }

            keys[at] = keys[child];
            at = child;
        }

        keys[at] = key;
    }
}
