using System.Buffers.Binary;
using System.IO.Hashing;

namespace Platform.Indexing.Shards;

/// <summary>The frame of a segment file: a header that lists the parts, then the parts, each with its checksum. See FORMAT.md.</summary>
internal static class SegmentFile
{
    /// <summary>"PSEG" in ASCII.</summary>
    public const uint Magic = 0x47455350;

    /// <summary>The oldest version this build reads, and writes where no document has a vector.</summary>
    public const int OldestVersion = 1;

    /// <summary>The newest version: it has fields, and may have vectors.</summary>
    public const int NewestVersion = 3;

    private const int VersionWithVectors = 2;

    /// <summary>Parts start at multiples of this, so that they can be read as arrays of numbers; vectors at a cache line.</summary>
    private const int Alignment = 8;

    private const int VectorAlignment = 64;

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
        Vectors,
        Fields,
    }

    /// <summary>Puts the parts into one file, of the oldest version that holds them.</summary>
    public static byte[] Write(IReadOnlyDictionary<Part, ReadOnlyMemory<byte>> parts)
    {
        int version = !parts.GetValueOrDefault(Part.Fields).IsEmpty ? NewestVersion
            : !parts.GetValueOrDefault(Part.Vectors).IsEmpty ? VersionWithVectors
            : OldestVersion;
        int partCount = PartCountOf(version);
        int headerLength = HeaderLengthOf(version);
        long length = Align(headerLength);
        for (int i = 0; i < partCount; i++)
        {
            length = Align(StartOf((Part)i, length) + parts[(Part)i].Length);
        }

        byte[] file = new byte[checked((int)length)];
        BinaryPrimitives.WriteUInt32LittleEndian(file, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), version);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(8), length);
        int at = (int)Align(headerLength);
        for (int i = 0; i < partCount; i++)
        {
            ReadOnlySpan<byte> part = parts[(Part)i].Span;
            at = (int)StartOf((Part)i, at);
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
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length < HeadLength || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
        {
            throw SegmentFormatException.NotASegment(name);
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (version is < OldestVersion or > NewestVersion)
        {
            throw SegmentFormatException.UnsupportedVersion(name, version, OldestVersion, NewestVersion);
        }

        int headerLength = HeaderLengthOf(version);
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

        var parts = new SegmentParts.Entry[PartCountOf(NewestVersion)];
        Array.Fill(parts, SegmentParts.Entry.Absent);
        for (int i = 0; i < PartCountOf(version); i++)
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

    /// <summary>Bytes of the header of a version.</summary>
    public static int HeaderLengthOf(int version) => HeadLength + (PartCountOf(version) * EntryLength) + sizeof(ulong);

    private static int PartCountOf(int version) => version switch
    {
        OldestVersion => (int)Part.Vectors,
        VersionWithVectors => (int)Part.Fields,
        _ => (int)Part.Fields + 1,
    };

    private static long StartOf(Part part, long position) =>
        part == Part.Vectors ? (position + VectorAlignment - 1) / VectorAlignment * VectorAlignment : position;

    private static long Align(long position) => (position + Alignment - 1) / Alignment * Alignment;
}
