using System.Runtime.CompilerServices;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Lexical;

/// <summary>A term's documents by ascending id, each with its value: a count for text, an impact for sparse vectors.</summary>
/// <param name="documents">How many documents the list has, deleted ones included.</param>
/// <param name="bytes">Varints: gap to the document before (the first from -1), value.</param>
internal readonly ref struct Postings(int documents, ReadOnlySpan<byte> bytes)
{
    /// <summary>How many documents the list has, deleted ones included.</summary>
    public int Documents { get; } = documents;

    /// <summary>The encoded list.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>A cursor before the first document.</summary>
    public PostingsCursor GetEnumerator() => new(Bytes, Documents);

    /// <summary>The value of one document, or 0 if the list lacks it. Walks the list: for explanations, not for search.</summary>
    public int ValueOf(int docId)
    {
        foreach ((int candidate, int value) in this)
        {
            if (candidate >= docId)
            {
                return candidate == docId ? value : 0;
            }
        }

        return 0;
    }
}

/// <summary>Reads <see cref="Postings"/> in order.</summary>
internal ref struct PostingsCursor(ReadOnlySpan<byte> bytes, int documents)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _left = documents;
    private int _position;
    private int _docId = -1;
    private int _value;

    /// <summary>The present document and its value.</summary>
    public readonly (int DocId, int Value) Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_docId, _value);
    }

    /// <summary>Moves to the next document; false at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        if (_left-- == 0)
        {
            return false;
        }

        _docId += Varint.Read(_bytes, ref _position);
        _value = Varint.Read(_bytes, ref _position);
        return true;
    }
}
