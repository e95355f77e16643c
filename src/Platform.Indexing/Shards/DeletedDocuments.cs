using System.Numerics;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Shards;

/// <summary>The deleted documents of one segment, a bit each. Bits are only ever set.</summary>
internal sealed class DeletedDocuments
{
    private ulong[] _bits;

    /// <summary>None deleted yet.</summary>
    public DeletedDocuments() => _bits = [];

    private DeletedDocuments(ulong[] bits)
    {
        _bits = bits;
        foreach (ulong word in bits)
        {
            Count += BitOperations.PopCount(word);
        }
    }

    /// <summary>How many documents are deleted.</summary>
    public int Count { get; private set; }

    /// <summary>The bits, document d in bit d mod 64 of word d / 64; words that are missing are 0.</summary>
    public ReadOnlySpan<ulong> Words => _bits;

    /// <summary>Whether a document is deleted.</summary>
    public bool Contains(int docId)
    {
        int word = docId >> 6;
        return word < _bits.Length && (_bits[word] >> docId & 1) != 0;
    }

    /// <summary>Deletes a document; false if it was deleted already.</summary>
    public bool Add(int docId)
    {
        int word = docId >> 6;
        if (word >= _bits.Length)
        {
            Array.Resize(ref _bits, Math.Max(word + 1, _bits.Length * 2));
        }

        if ((_bits[word] >> docId & 1) != 0)
        {
            return false;
        }

        _bits[word] |= 1UL << docId;
        Count++;
        return true;
    }

    /// <summary>A copy that no longer changes.</summary>
    public DeletedDocuments Copy() => new([.. _bits]);

    /// <summary>The bits as little-endian bytes.</summary>
    public byte[] ToBytes() => MemoryMarshal.AsBytes(_bits.AsSpan()).ToArray();

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The length is not a multiple of 8.</exception>
    public static DeletedDocuments FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length % sizeof(ulong) == 0
        ? new DeletedDocuments(MemoryMarshal.Cast<byte, ulong>(bytes).ToArray())
        : throw new InvalidDataException($"A deletion bitmap has {bytes.Length} bytes; it must be a multiple of 8.");
}
