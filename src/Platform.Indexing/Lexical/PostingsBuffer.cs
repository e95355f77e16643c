using Platform.Indexing.Storage;

namespace Platform.Indexing.Lexical;

/// <summary>One term's postings while they grow: for each document the gap to the one before and its count, as varints.</summary>
/// <remarks>Append-only, by ascending document; the caller keeps readers out while it appends.</remarks>
internal sealed class PostingsBuffer
{
    private byte[] _bytes = new byte[8];
    private int _length;
    private int _lastDocId = -1;

    /// <summary>Documents in the list.</summary>
    public int Documents { get; private set; }

    /// <summary>The list as <see cref="Postings"/> reads it.</summary>
    public Postings Postings => new(Documents, _bytes.AsSpan(0, _length));

    /// <summary>Adds a document, which must lie behind the last one.</summary>
    public void Add(int docId, int value)
    {
        if (_bytes.Length - _length < 2 * Varint.MaxBytes)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        _length += Varint.Write(_bytes.AsSpan(_length), (uint)(docId - _lastDocId));
        _length += Varint.Write(_bytes.AsSpan(_length), (uint)value);
        _lastDocId = docId;
        Documents++;
    }
}
