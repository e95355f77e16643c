using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>Where a part lies, from the segment's first byte, and the XXH3 of its bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PartEntry(long Offset, long Length, ulong Checksum)
{
    /// <summary>Bytes of an entry in a footer's table of parts.</summary>
    public const int Size = 24;

    /// <summary>Writes a footer's table of parts.</summary>
    public static void WriteTable(ReadOnlySpan<PartEntry> parts, Span<byte> into)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            Span<byte> entry = into.Slice(Size * i, Size);
            BinaryPrimitives.WriteInt64LittleEndian(entry, parts[i].Offset);
            BinaryPrimitives.WriteInt64LittleEndian(entry[8..], parts[i].Length);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], parts[i].Checksum);
        }
    }

    /// <summary>Reads a footer's table of parts, unchecked.</summary>
    public static PartEntry[] ReadTable(ReadOnlySpan<byte> from, int count)
    {
        var parts = new PartEntry[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = from.Slice(Size * i, Size);
            parts[i] = new PartEntry(
                BinaryPrimitives.ReadInt64LittleEndian(entry),
                BinaryPrimitives.ReadInt64LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]));
        }

        return parts;
    }
}
