using System.Buffers.Binary;
using System.IO.Hashing;

namespace Platform.Indexing.Shards;

/// <summary>The frame of a segment file: a header that lists the parts, then the parts, each with its checksum. See FORMAT.md.</summary>
internal static class SegmentFile
{
    /// <summary>"PSEG" in ASCII.</summary>
    public const uint Magic = 0x47455350;

    /// <summary>The version this build writes, and the oldest it reads.</summary>
    public const int Version = 1;

    /// <summary>Parts start at multiples of this, so that they can be read as arrays of numbers.</summary>
    private const int Alignment = 8;

    private const int HeadLength = 16;
    private const int EntryLength = 24;

    /// <summary>The parts, in the order of their entries; see FORMAT.md.</summary>
    public enum Part
    {
        Summary,
        KeyOffsets,
        KeyBytes,
        KeyHashes,
        KeyDocIds,
        Lengths,
        LexicalTermOffsets,
        LexicalTermBytes,
        LexicalFrequencies,
        LexicalPostingOffsets,
        LexicalPostings,
        Sparse,
        StoredBlocks,
        StoredBytes,
    }

    private static readonly int PartCount = Enum.GetValues<Part>().Length;

    /// <summary>Puts the parts into one file.</summary>
    public static byte[] Write(IReadOnlyDictionary<Part, ReadOnlyMemory<byte>> parts)
    {
        int headerLength = HeadLength + (PartCount * EntryLength) + sizeof(ulong);
        long length = Align(headerLength);
        foreach (ReadOnlyMemory<byte> part in parts.Values)
        {
            length = Align(length + part.Length);
        }

        byte[] file = new byte[checked((int)length)];
        BinaryPrimitives.WriteUInt32LittleEndian(file, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), Version);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(8), length);
        int at = (int)Align(headerLength);
        for (int i = 0; i < PartCount; i++)
        {
            ReadOnlySpan<byte> part = parts[(Part)i].Span;
            Span<byte> entry = file.AsSpan(HeadLength + (i * EntryLength), EntryLength);
            BinaryPrimitives.WriteInt64LittleEndian(entry, at);
            BinaryPrimitives.WriteInt64LittleEndian(entry[8..], part.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], XxHash3.HashToUInt64(part));
            part.CopyTo(file.AsSpan(at));
            at = (int)Align(at + part.Length);
        }

        int checkedLength = headerLength - sizeof(ulong);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(checkedLength), XxHash3.HashToUInt64(file.AsSpan(0, checkedLength)));
        return file;
    }

    /// <summary>Checks the header and returns the parts, which are checked when they are used.</summary>
    /// <exception cref="SegmentFormatException">The header is not as written, or not the file's.</exception>
    public static SegmentParts Read(string name, ReadOnlyMemory<byte> file)
    {
        int headerLength = HeadLength + (PartCount * EntryLength) + sizeof(ulong);
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length < HeadLength || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
        {
            throw SegmentFormatException.NotASegment(name);
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (version != Version)
        {
            throw SegmentFormatException.UnsupportedVersion(name, version, Version, Version);
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        if (length != bytes.Length || length < headerLength)
        {
            throw SegmentFormatException.Truncated(name, length, bytes.Length);
        }

        int checkedLength = headerLength - sizeof(ulong);
        if (XxHash3.HashToUInt64(bytes[..checkedLength]) != BinaryPrimitives.ReadUInt64LittleEndian(bytes[checkedLength..]))
        {
            throw SegmentFormatException.Damaged(name, "header", 0);
        }

        var parts = new SegmentParts.Entry[PartCount];
        for (int i = 0; i < PartCount; i++)
        {
            ReadOnlySpan<byte> entry = bytes.Slice(HeadLength + (i * EntryLength), EntryLength);
            long offset = BinaryPrimitives.ReadInt64LittleEndian(entry);
            long partLength = BinaryPrimitives.ReadInt64LittleEndian(entry[8..]);
            if (offset < 0 || offset > length || partLength < 0 || partLength > length - offset)
            {
                throw SegmentFormatException.Outside(name, ((Part)i).ToString(), offset, partLength, length);
            }

            parts[i] = new SegmentParts.Entry(
                file.Slice((int)offset, (int)partLength), offset, BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]));
        }

        return new SegmentParts(name, parts);
    }

    private static long Align(long position) => (position + Alignment - 1) / Alignment * Alignment;
}
