using System.Buffers;
using System.IO.Hashing;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Dense;

/// <summary>A sealed graph, open for search.</summary>
/// <remarks>
/// Opening reads levels, upper lists and checksums through, about 9 bytes a row, and not the lists of level 0. Those of 64 rows are
/// checked the first time a search touches one: the checksum, and that every link names a row there is. So neither damage nor a
/// hostile file leads out of the vectors, and what a search costs is bounded by its visited rows. Safe on any number of threads.
/// Dispose after the last search has returned.
/// </remarks>
internal sealed unsafe class HnswGraphFile : HnswGraph, IDisposable
{
    private const int BlockSize = VectorLayout.BlockSize;

    private readonly string _name;
    private readonly byte* _start;
    private readonly int* _links;
    private readonly int* _starts;
    private readonly int* _upper;
    private readonly uint* _checksums;
    private readonly HnswFooter _footer;
    private readonly IDisposable? _owner;
    private readonly bool[] _checked;

    private HnswGraphFile(byte* start, HnswFooter footer, DenseSegment vectors, string name, IDisposable? owner)
        : base(footer.Options)
    {
        _name = name;
        _start = start;
        _footer = footer;
        _owner = owner;
        _links = (int*)(start + footer.Parts[HnswFooter.Links].Offset);
        _starts = (int*)(start + footer.Parts[HnswFooter.Levels].Offset);
        _upper = (int*)(start + footer.Parts[HnswFooter.Upper].Offset);
        _checksums = (uint*)(start + footer.Parts[HnswFooter.Checksums].Offset);
        _checked = new bool[(footer.Count + BlockSize - 1) / BlockSize];
        if (footer.Count != vectors.Count || footer.Fingerprint != vectors.Fingerprint)
        {
            throw Damaged(-1, SizeInBytes - HnswFooter.Size, $"it belongs to other vectors than those of segment '{vectors.Name}'");
        }

        CheckPart(HnswFooter.Levels);
        CheckPart(HnswFooter.Upper);
        CheckPart(HnswFooter.Checksums);
        CheckLevels();
        CheckUpperLists();
    }

    /// <inheritdoc/>
    public override int Count => _footer.Count;

    /// <inheritdoc/>
    public override int Entry => _footer.Entry;

    /// <inheritdoc/>
    public override long SizeInBytes => _footer.Parts[^1].Offset + _footer.Parts[^1].Length + HnswFooter.Size;

    /// <summary>Where the parts lie.</summary>
    internal ReadOnlySpan<PartEntry> Parts => _footer.Parts;

    /// <summary>Maps a file, or a region of one, and opens the graph in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vectors">The vectors it belongs to.</param>
    /// <param name="offset">First byte of the graph.</param>
    /// <param name="length">Bytes of the graph; null for all up to the end of the file.</param>
    /// <exception cref="DenseFormatException">The bytes are damaged, of another version, or of other vectors.</exception>
    public static HnswGraphFile Open(string path, DenseSegment vectors, long offset = 0, long? length = null)
    {
        const int Least = HnswFooter.PreambleSize + HnswFooter.Size;
        long available = new FileInfo(path).Length - offset;
        if ((length ?? available) > available || available < Least)
        {
            throw DenseFormatException.TooShort(path, available, Math.Max(length ?? 0, Least));
        }

        MappedRegion region = MappedRegion.Open(path, offset, length);
        return Own(region.Pointer, region.Length, vectors, path, region);
    }

    /// <summary>Opens a graph in memory; the memory is pinned until <see cref="Dispose"/>.</summary>
    /// <exception cref="DenseFormatException">The bytes are damaged, of another version, or of other vectors.</exception>
    public static HnswGraphFile Open(ReadOnlyMemory<byte> bytes, DenseSegment vectors, string name)
    {
        MemoryHandle handle = bytes.Pin();
        return Own((byte*)handle.Pointer, bytes.Length, vectors, name, handle);
    }

    /// <summary>Opens a graph in memory that the caller keeps alive and unchanged until after <see cref="Dispose"/>.</summary>
    /// <exception cref="DenseFormatException">The bytes are damaged, of another version, or of other vectors.</exception>
    public static HnswGraphFile Open(byte* start, long length, DenseSegment vectors, string name) =>
        new(start, HnswFooter.Read(start, length, name), vectors, name, null);

    /// <inheritdoc/>
    public override int* Links(int row)
    {
        int block = row / BlockSize;
        if (!_checked[block])
        {
            CheckLists(block);
            _checked[block] = true;
        }

        return _links + ((long)row * BasePlaces);
    }

    /// <inheritdoc/>
    public override int* UpperLinks(int row, int level) => _upper + ((long)(_starts[row] + level - 1) * UpperPlaces);

    /// <inheritdoc/>
    public override int LevelOf(int row) => _starts[row + 1] - _starts[row];

    /// <summary>Reads everything and checks it.</summary>
    /// <exception cref="DenseFormatException">Something is damaged.</exception>
    public void Verify()
    {
        Array.Clear(_checked);
        for (int row = 0; row < Count; row += BlockSize)
        {
            Links(row);
        }

        for (int part = 0; part < _footer.Parts.Length; part++)
        {
            CheckPart(part);
        }

        CheckLevels();
        CheckUpperLists();
    }

    /// <inheritdoc/>
    public void Dispose() => _owner?.Dispose();

    private static HnswGraphFile Own(byte* start, long length, DenseSegment vectors, string name, IDisposable owner)
    {
        try
        {
            return new HnswGraphFile(start, HnswFooter.Read(start, length, name), vectors, name, owner);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    private void CheckLists(int block)
    {
        int first = block * BlockSize;
        int lists = Math.Min(BlockSize, Count - first);
        int* start = _links + ((long)first * BasePlaces);
        long offset = (byte*)start - _start;
        if ((uint)XxHash3.HashToUInt64(new ReadOnlySpan<byte>(start, lists * BasePlaces * sizeof(int))) != _checksums[block])
        {
            throw Damaged(HnswFooter.Links, offset, $"the lists of the 64 rows from {first} do not match their checksum");
        }

        for (int i = 0; i < lists; i++)
        {
            CheckList(HnswFooter.Links, start + ((long)i * BasePlaces), BasePlaces, level: 0);
        }
    }

    // Links first, then -1 to the end, and each link to a row that has the level.
    private void CheckList(int part, int* list, int places, int level)
    {
        bool ended = false;
        for (int i = 0; i < places; i++)
        {
            int row = list[i];
            bool sound = row == -1 || (!ended && row >= 0 && row < Count && (level == 0 || LevelOf(row) >= level));
            if (!sound)
            {
                throw Damaged(part, (byte*)(list + i) - _start, $"a list of level {level} has a link to row {row}, which is not there on that level");
            }

            ended |= row == -1;
        }
    }

    private void CheckLevels()
    {
        long offset = _footer.Parts[HnswFooter.Levels].Offset;
        if (_starts[0] != 0)
        {
            throw Damaged(HnswFooter.Levels, offset, "the first row's lists do not start at 0");
        }

        int highest = 0;
        for (int row = 0; row < Count; row++)
        {
            if (_starts[row + 1] < _starts[row] || _starts[row + 1] - (long)_starts[row] > HighestLevel)
            {
                throw Damaged(HnswFooter.Levels, offset + (4L * (row + 1)), $"row {row} has no level of 0 to {HighestLevel}");
            }

            highest = Math.Max(highest, LevelOf(row));
        }

        if (DenseFooter.Padded((long)_starts[Count] * UpperPlaces * sizeof(int)) != _footer.Parts[HnswFooter.Upper].Length)
        {
            throw Damaged(HnswFooter.Levels, offset + (4L * Count), $"{_starts[Count]} lists do not fill the upper lists' part");
        }

        if (Count > 0 && LevelOf(Entry) != highest)
        {
            throw Damaged(HnswFooter.Levels, offset + (4L * Entry), $"the entry, row {Entry}, is not on the highest level, {highest}");
        }
    }

    private void CheckUpperLists()
    {
        for (int row = 0; row < Count; row++)
        {
            for (int level = 1; level <= LevelOf(row); level++)
            {
                CheckList(HnswFooter.Upper, UpperLinks(row, level), UpperPlaces, level);
            }
        }
    }

    private void CheckPart(int part)
    {
        PartEntry entry = _footer.Parts[part];
        var hash = new XxHash3();
        for (long done = 0; done < entry.Length;)
        {
            int step = (int)Math.Min(1 << 30, entry.Length - done);
            hash.Append(new ReadOnlySpan<byte>(_start + entry.Offset + done, step));
            done += step;
        }

        if (hash.GetCurrentHashAsUInt64() != entry.Checksum)
        {
            throw Damaged(part, entry.Offset, "its checksum does not match");
        }
    }

    private DenseFormatException Damaged(int part, long offset, string what) =>
        DenseFormatException.Damaged(_name, part < 0 ? "graph.footer" : HnswFooter.PartNames[part], offset, what);
}
