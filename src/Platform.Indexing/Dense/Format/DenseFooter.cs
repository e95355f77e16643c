using System.Buffers.Binary;
using System.IO.Hashing;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Dense;

/// <summary>The last bytes of a dense segment: counts and the table of parts. <c>FORMAT.md</c> has every offset.</summary>
internal sealed record DenseFooter
{
    /// <summary>Bytes of the preamble, so many that the parts are aligned to cache lines.</summary>
    public const int PreambleSize = 64;

    /// <summary>Bytes of the footer, its checksum and magic included.</summary>
    public const int Size = 256;

    /// <summary>Bytes of a segment without vectors.</summary>
    public const int LeastLength = PreambleSize + Size;

    /// <summary>Every part is padded to a multiple of this.</summary>
    public const int Alignment = 64;

    /// <summary>"PLTDENSE", the first eight bytes of a segment and the last eight of its footer.</summary>
    public const ulong Magic = 0x4553_4E45_4454_4C50;

    /// <summary>The oldest version that this build reads.</summary>
    public const uint OldestVersion = 1;

    /// <summary>The version that this build writes.</summary>
    public const uint NewestVersion = 1;

    /// <summary>Numbers of the parts.</summary>
    public const int Vectors = 0, Codes = 1, Bounds = 2, Documents = 3, Checksums = 4;

    /// <summary>The names of the parts, by their numbers.</summary>
    public static readonly string[] PartNames = ["vectors", "codes", "bounds", "documents", "checksums"];

    /// <summary>Documents, those without a vector included.</summary>
    public required int DocumentCount { get; init; }

    /// <summary>Vectors.</summary>
    public required int VectorCount { get; init; }

    /// <summary>Dimension and precision.</summary>
    public required VectorLayout Layout { get; init; }

    /// <summary>The parts, by their numbers.</summary>
    public required PartEntry[] Parts { get; init; }

    /// <summary>Writes the preamble.</summary>
    public static void WritePreamble(Span<byte> into)
    {
        into[..PreambleSize].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(into, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(into[8..], NewestVersion);
    }

    /// <summary>Writes the footer.</summary>
    public void Write(Span<byte> into)
    {
        into[..Size].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(into, DocumentCount);
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], VectorCount);
        BinaryPrimitives.WriteInt32LittleEndian(into[8..], Layout.Dimensions);
        BinaryPrimitives.WriteInt32LittleEndian(into[12..], (int)Layout.Precision);
        PartEntry.WriteTable(Parts, into[16..]);
        BinaryPrimitives.WriteUInt32LittleEndian(into[236..], NewestVersion);
        BinaryPrimitives.WriteUInt64LittleEndian(into[240..], XxHash3.HashToUInt64(into[..240]));
        BinaryPrimitives.WriteUInt64LittleEndian(into[248..], Magic);
    }

    /// <summary>Reads and checks preamble and footer of a segment.</summary>
    /// <exception cref="DenseFormatException">They are damaged or of another version.</exception>
    public static unsafe DenseFooter Read(byte* start, long length, string segment)
    {
        if (length < LeastLength)
        {
            throw DenseFormatException.TooShort(segment, length, LeastLength);
        }

        // SAFETY: the length was checked just now.
        return Read(new ReadOnlySpan<byte>(start, PreambleSize), new ReadOnlySpan<byte>(start + length - Size, Size), length - Size, segment);
    }

    private static DenseFooter Read(ReadOnlySpan<byte> preamble, ReadOnlySpan<byte> footer, long end, string segment)
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(preamble) != Magic)
        {
            throw DenseFormatException.Damaged(segment, "preamble", 0, "the magic number is missing");
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(preamble[8..]);
        if (version is < OldestVersion or > NewestVersion)
        {
            throw DenseFormatException.UnsupportedVersion(segment, version, OldestVersion, NewestVersion);
        }

        int dimensions = BinaryPrimitives.ReadInt32LittleEndian(footer[8..]);
        int precision = BinaryPrimitives.ReadInt32LittleEndian(footer[12..]);
        bool sound = BinaryPrimitives.ReadUInt64LittleEndian(footer[248..]) == Magic
            && BinaryPrimitives.ReadUInt64LittleEndian(footer[240..]) == XxHash3.HashToUInt64(footer[..240])
            && BinaryPrimitives.ReadUInt32LittleEndian(footer[236..]) == version
            && preamble[12..].IndexOfAnyExcept((byte)0) < 0
            && dimensions is >= 1 and <= VectorLayout.MaxDimensions
            && precision is >= 0 and <= (int)VectorPrecision.Int8;
        if (!sound)
        {
            throw DenseFormatException.Damaged(segment, "footer", end, "checksum, version, dimension, precision or magic number do not hold");
        }

        var result = new DenseFooter
        {
            DocumentCount = BinaryPrimitives.ReadInt32LittleEndian(footer),
            VectorCount = BinaryPrimitives.ReadInt32LittleEndian(footer[4..]),
            Layout = new VectorLayout(dimensions, (VectorPrecision)precision),
            Parts = PartEntry.ReadTable(footer[16..], PartNames.Length),
        };
        result.Check(end, segment);
        return result;
    }

    /// <summary>Bytes of a part of this many bytes with its padding.</summary>
    public static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private void Check(long end, string segment)
    {
        long blocks = (VectorCount + VectorLayout.BlockSize - 1L) / VectorLayout.BlockSize;
        long separate = Layout.SeparateCodeBytes;
        long documents = Parts[Documents].Length;
        bool counts = VectorCount >= 0
            && DocumentCount >= VectorCount
            && (documents == 0 || documents == Padded(4L * VectorCount))
            && Parts[Vectors].Length == Padded((long)VectorCount * Layout.RowBytes)
            && Parts[Codes].Length == Padded(VectorCount * separate)
            && Parts[Bounds].Length == blocks * VectorRows.BoundsPerBlock * sizeof(float)
            && Parts[Checksums].Length == Padded(4 * blocks * (separate == 0 ? 1 : 2));
        long expected = PreambleSize;
        foreach (PartEntry part in Parts)
        {
            counts &= part.Offset == expected && part.Length >= 0;
            expected += counts ? part.Length : 0;
        }

        if (!counts || expected != end)
        {
            throw DenseFormatException.Damaged(segment, "footer", end, "the parts' places and lengths and the counts do not agree; the segment may have been cut off");
        }
    }
}
