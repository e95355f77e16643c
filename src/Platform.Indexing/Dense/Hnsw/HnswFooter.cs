using System.Buffers.Binary;
using System.IO.Hashing;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Dense;

/// <summary>The last bytes of a graph: counts, options and the table of parts. <c>FORMAT.md</c> has every offset.</summary>
internal sealed record HnswFooter
{
    /// <summary>Bytes of the preamble, so many that the lists are aligned to cache lines.</summary>
    public const int PreambleSize = 64;

    /// <summary>Bytes of the footer, its checksum and magic included.</summary>
    public const int Size = 256;

    /// <summary>"PLTHNSWG", the first eight bytes of a graph and the last eight of its footer.</summary>
    public const ulong Magic = 0x4757_534E_4854_4C50;

    /// <summary>The oldest version that this build reads.</summary>
    public const uint OldestVersion = 1;

    /// <summary>The version that this build writes.</summary>
    public const uint NewestVersion = 1;

    /// <summary>Numbers of the parts.</summary>
    public const int Links = 0, Levels = 1, Upper = 2, Checksums = 3;

    /// <summary>The names of the parts, by their numbers.</summary>
    public static readonly string[] PartNames = ["graph.links", "graph.levels", "graph.upper", "graph.checksums"];

    /// <summary>Rows.</summary>
    public required int Count { get; init; }

    /// <summary>How it was built.</summary>
    public required HnswOptions Options { get; init; }

    /// <summary>Where searches start, or -1.</summary>
    public required int Entry { get; init; }

    /// <summary>Of the vectors it belongs to: <see cref="DenseSegment.Fingerprint"/>.</summary>
    public required ulong Fingerprint { get; init; }

    /// <summary>The parts, by their numbers.</summary>
    public required PartEntry[] Parts { get; init; }

    /// <summary>Bytes of the level 0 lists, padding excluded.</summary>
    public long LinkBytes => (long)Count * 2 * Options.M * sizeof(int);

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
        BinaryPrimitives.WriteInt32LittleEndian(into, Count);
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], Options.M);
        BinaryPrimitives.WriteInt32LittleEndian(into[8..], Options.EfConstruction);
        BinaryPrimitives.WriteInt32LittleEndian(into[12..], Entry);
        BinaryPrimitives.WriteUInt64LittleEndian(into[16..], Options.Seed);
        BinaryPrimitives.WriteUInt64LittleEndian(into[24..], Fingerprint);
        for (int i = 0; i < Parts.Length; i++)
        {
            Span<byte> entry = into.Slice(32 + (24 * i), 24);
            BinaryPrimitives.WriteInt64LittleEndian(entry, Parts[i].Offset);
            BinaryPrimitives.WriteInt64LittleEndian(entry[8..], Parts[i].Length);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], Parts[i].Checksum);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(into[236..], NewestVersion);
        BinaryPrimitives.WriteUInt64LittleEndian(into[240..], XxHash3.HashToUInt64(into[..240]));
        BinaryPrimitives.WriteUInt64LittleEndian(into[248..], Magic);
    }

    /// <summary>Reads and checks preamble and footer of a graph.</summary>
    /// <exception cref="DenseFormatException">They are damaged or of another version.</exception>
    public static unsafe HnswFooter Read(byte* start, long length, string name)
    {
        if (length < PreambleSize + Size)
        {
            throw DenseFormatException.TooShort(name, length, PreambleSize + Size);
        }

        // SAFETY: the length was checked just now.
        var preamble = new ReadOnlySpan<byte>(start, PreambleSize);
        if (BinaryPrimitives.ReadUInt64LittleEndian(preamble) != Magic)
        {
            throw DenseFormatException.Damaged(name, "graph.preamble", 0, "the magic number is missing");
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(preamble[8..]);
        if (version is < OldestVersion or > NewestVersion)
        {
            throw DenseFormatException.UnsupportedVersion(name, version, OldestVersion, NewestVersion);
        }

        long end = length - Size;
        var footer = new ReadOnlySpan<byte>(start + end, Size);
        HnswOptions options = ReadOptions(footer);
        int count = BinaryPrimitives.ReadInt32LittleEndian(footer);
        int entry = BinaryPrimitives.ReadInt32LittleEndian(footer[12..]);
        bool sound = BinaryPrimitives.ReadUInt64LittleEndian(footer[248..]) == Magic
            && BinaryPrimitives.ReadUInt64LittleEndian(footer[240..]) == XxHash3.HashToUInt64(footer[..240])
            && BinaryPrimitives.ReadUInt32LittleEndian(footer[236..]) == version
            && preamble[12..].IndexOfAnyExcept((byte)0) < 0
            && options.M is >= 2 and <= HnswOptions.MaxM
            && options.EfConstruction >= options.M
            && options.EfConstruction <= HnswOptions.MaxEf
            && count >= 0
            && entry >= -1
            && entry < count
            && entry < 0 == (count == 0);
        if (!sound)
        {
            throw DenseFormatException.Damaged(name, "graph.footer", end, "checksum, version, counts, options or magic number do not hold");
        }

        var result = new HnswFooter
        {
            Count = count,
            Options = options,
            Entry = entry,
            Fingerprint = BinaryPrimitives.ReadUInt64LittleEndian(footer[24..]),
            Parts = ReadParts(footer),
        };
        result.Check(end, name);
        return result;
    }

    private static HnswOptions ReadOptions(ReadOnlySpan<byte> footer) => new()
    {
        M = BinaryPrimitives.ReadInt32LittleEndian(footer[4..]),
        EfConstruction = BinaryPrimitives.ReadInt32LittleEndian(footer[8..]),
        Seed = BinaryPrimitives.ReadUInt64LittleEndian(footer[16..]),
    };

    private static PartEntry[] ReadParts(ReadOnlySpan<byte> footer)
    {
        var parts = new PartEntry[PartNames.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            ReadOnlySpan<byte> entry = footer.Slice(32 + (24 * i), 24);
            parts[i] = new PartEntry(
                BinaryPrimitives.ReadInt64LittleEndian(entry),
                BinaryPrimitives.ReadInt64LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]));
        }

        return parts;
    }

    private void Check(long end, string name)
    {
        long blocks = (Count + VectorLayout.BlockSize - 1L) / VectorLayout.BlockSize;
        long mostUpper = (long)Count * HnswGraph.HighestLevel * Options.M * sizeof(int);
        bool sound = Parts[Links].Length == DenseFooter.Padded(LinkBytes)
            && Parts[Levels].Length == DenseFooter.Padded((Count + 1L) * sizeof(int))
            && Parts[Upper].Length <= DenseFooter.Padded(mostUpper)
            && Parts[Checksums].Length == DenseFooter.Padded(blocks * sizeof(uint));
        long expected = PreambleSize;
        foreach (PartEntry part in Parts)
        {
            sound &= part.Offset == expected && part.Length >= 0;
            expected += sound ? part.Length : 0;
        }

        if (!sound || expected != end)
        {
            throw DenseFormatException.Damaged(name, "graph.footer", end, "the parts' places and lengths and the counts do not agree; the graph may have been cut off");
        }
    }
}
