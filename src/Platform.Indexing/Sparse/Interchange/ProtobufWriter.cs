using System.Buffers;
using System.Buffers.Binary;

namespace Platform.Indexing.Sparse;

/// <summary>Writes the few protocol-buffer fields that CIFF has. Not thread-safe.</summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Appends an integer field.</summary>
    public void WriteVarint(int field, ulong value)
    {
        WriteRaw((ulong)(field << 3));
        WriteRaw(value);
    }

    /// <summary>Appends a 64-bit floating-point field.</summary>
    public void WriteDouble(int field, double value)
    {
        WriteRaw((ulong)((field << 3) | 1));
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
    }

    /// <summary>Appends a string, bytes or message field.</summary>
    public void WriteBytes(int field, ReadOnlySpan<byte> value)
    {
        WriteRaw((ulong)((field << 3) | 2));
        WriteRaw((ulong)value.Length);
        _bytes.Write(value);
    }

    /// <summary>Returns what was written since the last call, valid until the next write.</summary>
    public ReadOnlySpan<byte> Take()
    {
        ReadOnlySpan<byte> written = _bytes.WrittenSpan;
        _bytes.ResetWrittenCount();
        return written;
    }

    /// <summary>Writes what was written since the last call to a stream, its length before it.</summary>
    public void Flush(Stream stream)
    {
        Span<byte> length = stackalloc byte[10];
        stream.Write(length[..Encode((ulong)_bytes.WrittenCount, length)]);
        stream.Write(_bytes.WrittenSpan);
        _bytes.ResetWrittenCount();
    }

    private void WriteRaw(ulong value) => _bytes.Advance(Encode(value, _bytes.GetSpan(10)));

    private static int Encode(ulong value, Span<byte> into)
    {
        int length = 0;
        for (; value >= 128; value >>= 7)
        {
            into[length++] = (byte)(value | 128);
        }

        into[length++] = (byte)value;
        return length;
    }
}
