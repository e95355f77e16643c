namespace Platform.Indexing.Dense;

/// <summary>The rows a search has seen. A new search is a new stamp: nothing is cleared but once in 65,535 searches.</summary>
internal sealed class VisitedRows
{
    private ushort[] _stamps = [];
    private ushort _stamp;

    /// <summary>Forgets all rows.</summary>
    /// <param name="count">Rows there are.</param>
    public void Start(int count)
    {
        if (_stamps.Length < count)
        {
            _stamps = new ushort[count];
            _stamp = 0;
        }

        if (++_stamp == 0)
        {
            Array.Clear(_stamps);
            _stamp = 1;
        }
    }

    /// <summary>Notes a row; false where it was seen before.</summary>
    public bool Add(int row)
    {
        ref ushort stamp = ref _stamps[row];
        bool isNew = stamp != _stamp;
        stamp = _stamp;
        return isNew;
    }
}
