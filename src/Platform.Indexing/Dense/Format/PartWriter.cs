using System.IO.Hashing;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Dense;

/// <summary>Writes one part after the other, each padded to the alignment.</summary>
internal sealed class PartWriter(Stream stream, long position)
{
    private readonly XxHash3 _hash = new();
    private long _length;

    /// <summary>Where the next part begins, from the file's first byte.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Appends to the part.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _hash.Append(bytes);
        stream.Write(bytes);
        _length += bytes.Length;
    }

    /// <summary>Pads the part and begins the next; returns the part's place and checksum, padding included.</summary>
    public PartEntry End()
    {
        Span<byte> zeros = stackalloc byte[DenseFooter.Alignment];
        zeros.Clear();
        Write(zeros[..(int)(DenseFooter.Padded(_length) - _length)]);
        var entry = new PartEntry(Position, _length, _hash.GetCurrentHashAsUInt64());
        Position += _length;
        _length = 0;
        _hash.Reset();
        return entry;
    }
}
