using System.Buffers.Binary;
using System.IO.Hashing;

namespace Platform.Indexing.Sparse;

/// <summary>The last bytes of a segment: counts, properties and the table of parts. <c>FORMAT.md</c> has every offset.</summary>
internal sealed record SegmentFooter
{
    /// <summary>Bytes of the preamble: magic, version, zero.</summary>
    public const int PreambleSize = 16;

    /// <summary>Bytes of the footer, its checksum and magic included.</summary>
    public const int Size = 256;

    /// <summary>"PLTSPARS", the first eight bytes of a segment and the last eight of its footer.</summary>
    public const ulong Magic = 0x5352_4150_5354_4C50;

    /// <summary>The oldest version that this build reads.</summary>
    public const uint OldestVersion = 2;

    /// <summary>The version that this build writes.</summary>
    public const uint NewestVersion = 2;

    /// <summary>The names of the parts, in the order of the table.</summary>
    public static readonly string[] PartNames = ["postings", "terms", "records", "key ranks"];

    /// <summary>Documents, those without terms included.</summary>
    public required int DocumentCount { get; init; }

    /// <summary>Different terms.</summary>
    public required int TermCount { get; init; }

    /// <summary>Postings.</summary>
    public required long PostingCount { get; init; }

    /// <summary>What the builder recorded about how the segment was made.</summary>
    public required SegmentProperties Properties { get; init; }

    /// <summary>Bytes of the scattered documents of all terms, their impacts not included.</summary>
    public required long ScatteredDocumentBytes { get; init; }

    /// <summary>Bytes of the counts of windows of all terms.</summary>
    public required long WindowCountBytes { get; init; }

    /// <summary>The parts, in the order of <see cref="PartNames"/>; key ranks have length 0 where they equal the docIds.</summary>
    public required PartEntry[] Parts { get; init; }

    /// <summary>Writes the footer.</summary>
    public void Write(Span<byte> into)
    {
        into[..Size].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(into, DocumentCount);
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], TermCount);
        BinaryPrimitives.WriteInt64LittleEndian(into[8..], PostingCount);
        Properties.Write(into.Slice(16, SegmentProperties.Size));
        BinaryPrimitives.WriteInt64LittleEndian(into[80..], ScatteredDocumentBytes);
        BinaryPrimitives.WriteInt64LittleEndian(into[88..], WindowCountBytes);
        PartEntry.WriteTable(Parts, into[96..]);
        BinaryPrimitives.WriteUInt32LittleEndian(into[236..], NewestVersion);
        BinaryPrimitives.WriteUInt64LittleEndian(into[240..], XxHash3.HashToUInt64(into[..240]));
        BinaryPrimitives.WriteUInt64LittleEndian(into[248..], Magic);
    }

    /// <summary>Reads and checks preamble and footer of a segment.</summary>
    /// <param name="preamble">The first <see cref="PreambleSize"/> bytes.</param>
    /// <param name="footer">The last <see cref="Size"/> bytes.</param>
    /// <param name="length">Bytes of the whole segment.</param>
    /// <param name="segment">Its name, for messages.</param>
    /// <exception cref="SparseFormatException">They are damaged or of another version.</exception>
    public static SegmentFooter Read(ReadOnlySpan<byte> preamble, ReadOnlySpan<byte> footer, long length, string segment)
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(preamble) != Magic)
        {
            throw SparseFormatException.Damaged(segment, "preamble", 0, "the magic number is missing");
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(preamble[8..]);
        if (version is < OldestVersion or > NewestVersion)
        {
            throw SparseFormatException.UnsupportedVersion(segment, version, OldestVersion, NewestVersion);
        }

        long start = length - Size;
        bool sound = BinaryPrimitives.ReadUInt64LittleEndian(footer[248..]) == Magic
            && BinaryPrimitives.ReadUInt64LittleEndian(footer[240..]) == XxHash3.HashToUInt64(footer[..240])
            && BinaryPrimitives.ReadUInt32LittleEndian(footer[236..]) == version
            && BinaryPrimitives.ReadUInt32LittleEndian(preamble[12..]) == 0;
        if (!sound)
        {
            throw SparseFormatException.Damaged(segment, "footer", start, "checksum, version or magic number do not match");
        }

        var result = new SegmentFooter
        {
            DocumentCount = BinaryPrimitives.ReadInt32LittleEndian(footer),
            TermCount = BinaryPrimitives.ReadInt32LittleEndian(footer[4..]),
            PostingCount = BinaryPrimitives.ReadInt64LittleEndian(footer[8..]),
            Properties = SegmentProperties.Read(footer.Slice(16, SegmentProperties.Size)),
            ScatteredDocumentBytes = BinaryPrimitives.ReadInt64LittleEndian(footer[80..]),
            WindowCountBytes = BinaryPrimitives.ReadInt64LittleEndian(footer[88..]),
            Parts = PartEntry.ReadTable(footer[96..], PartNames.Length),
        };
        result.Check(start, segment);
        return result;
    }

    private void Check(long end, string segment)
    {
        long expected = PreambleSize;
        for (int i = 0; i < Parts.Length; i++)
        {
            if (Parts[i].Offset != expected || Parts[i].Length < 0 || Parts[i].Length > end - expected)
            {
                throw SparseFormatException.Damaged(segment, "footer", end + 96 + (24 * i), $"the part '{PartNames[i]}' does not lie where the one before it ends");
            }

            expected += Parts[i].Length;
        }

        bool sizes = expected == end
            && DocumentCount >= 0
            && TermCount >= 0
            && Parts[0].Length >= BlockLayout.Padding
            && Parts[1].Length == 8L * ((TermCount + 1) / 2)
            && Parts[2].Length == (long)TermRecord.Size * TermCount
            && (Parts[3].Length == 0 || Parts[3].Length == 8L * ((DocumentCount + 1) / 2));
        if (!sizes)
        {
            throw SparseFormatException.Damaged(segment, "footer", end, "the parts' lengths and the counts do not agree; the segment may have been cut off");
        }
    }
}
