using System.Buffers;
using System.IO.Hashing;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Dense;

/// <summary>An immutable dense segment, open for search: vectors in their precision, codes, the documents they belong to.</summary>
/// <remarks>
/// Opening reads the footer, the documents and the checksums, not the vectors. 64 vectors are checked the first time a query
/// touches one of them, so damage is named before it can answer wrongly. Safe on any number of threads. Dispose after the last
/// search has returned.
/// </remarks>
internal sealed unsafe class DenseSegment : VectorRows, IDisposable
{
    private const int BlockSize = VectorLayout.BlockSize;

    private readonly byte* _start;
    private readonly byte* _rows;
    private readonly byte* _codes;
    private readonly byte* _bounds;
    private readonly int* _docIds;
    private readonly uint* _checksums;
    private readonly IDisposable? _owner;
    private readonly DenseFooter _footer;
    private readonly byte[] _rowsChecked;
    private readonly byte[] _codesChecked;

    private DenseSegment(byte* start, DenseFooter footer, string name, IDisposable? owner)
        : base(footer.Layout)
    {
        Name = name;
        _start = start;
        _footer = footer;
        _owner = owner;
        _rows = start + footer.Parts[DenseFooter.Vectors].Offset;
        _codes = Layout.SeparateCodeBytes == 0 ? _rows : start + footer.Parts[DenseFooter.Codes].Offset;
        _bounds = start + footer.Parts[DenseFooter.Bounds].Offset;
        _docIds = footer.Parts[DenseFooter.Documents].Length == 0 ? null : (int*)(start + footer.Parts[DenseFooter.Documents].Offset);
        _checksums = (uint*)(start + footer.Parts[DenseFooter.Checksums].Offset);
        _rowsChecked = new byte[BlockCount];
        _codesChecked = new byte[BlockCount];
        CheckPart(DenseFooter.Documents);
        CheckPart(DenseFooter.Checksums);
        CheckDocuments();
    }

    /// <summary>The name used in messages: a path or what the caller gave.</summary>
    public string Name { get; }

    /// <summary>Bytes of the segment.</summary>
    public long SizeInBytes => _footer.Parts[^1].Offset + _footer.Parts[^1].Length + DenseFooter.Size;

    /// <summary>Documents, those without a vector included; docIds are below this.</summary>
    public int DocumentCount => _footer.DocumentCount;

    /// <inheritdoc/>
    public override int Count => _footer.VectorCount;

    /// <summary>Changes with any bit of the vectors, their order or their documents; a graph over them keeps it.</summary>
    public ulong Fingerprint => _footer.Parts[DenseFooter.Checksums].Checksum ^ (_footer.Parts[DenseFooter.Documents].Checksum * 31);

    /// <summary>Where the parts lie.</summary>
    internal ReadOnlySpan<PartEntry> Parts => _footer.Parts;

    /// <summary>Maps a file, or a region of one, and opens the segment in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">First byte of the segment.</param>
    /// <param name="length">Bytes of the segment; null for all up to the end of the file.</param>
    /// <exception cref="DenseFormatException">The bytes are damaged or of another version.</exception>
    public static DenseSegment Open(string path, long offset = 0, long? length = null)
    {
        long available = new FileInfo(path).Length - offset;
        if ((length ?? available) > available || available < DenseFooter.LeastLength)
        {
            throw DenseFormatException.TooShort(path, available, Math.Max(length ?? 0, DenseFooter.LeastLength));
        }

        MappedRegion region = MappedRegion.Open(path, offset, length);
        return Own(region.Pointer, region.Length, path, region);
    }

    /// <summary>Opens a segment in memory; the memory is pinned until <see cref="Dispose"/>.</summary>
    /// <exception cref="DenseFormatException">The bytes are damaged or of another version.</exception>
    public static DenseSegment Open(ReadOnlyMemory<byte> bytes, string name)
    {
        MemoryHandle handle = bytes.Pin();
        return Own((byte*)handle.Pointer, bytes.Length, name, handle);
    }

    /// <summary>Opens a segment in memory that the caller keeps alive and unchanged until after <see cref="Dispose"/>.</summary>
    /// <exception cref="DenseFormatException">The bytes are damaged or of another version.</exception>
    public static DenseSegment Open(byte* start, long length, string name) =>
        new(start, DenseFooter.Read(start, length, name), name, null);

    /// <inheritdoc/>
    public override byte* Rows(int block)
    {
        byte* rows = _rows + ((long)block * BlockSize * Layout.RowBytes);
        if (_rowsChecked[block] == 0)
        {
            CheckBlock(DenseFooter.Vectors, rows, block, Layout.RowBytes, Layout.SeparateCodeBytes == 0, _checksums[block]);
            _rowsChecked[block] = 1;
        }

        return rows;
    }

    /// <inheritdoc/>
    public override sbyte* Codes(int block)
    {
        if (Layout.SeparateCodeBytes == 0)
        {
            return (sbyte*)Rows(block);
        }

        byte* codes = _codes + ((long)block * BlockSize * Layout.CodeBytes);
        if (_codesChecked[block] == 0)
        {
            CheckBlock(DenseFooter.Codes, codes, block, Layout.CodeBytes, withBounds: true, _checksums[BlockCount + block]);
            _codesChecked[block] = 1;
        }

        return (sbyte*)codes;
    }

    /// <inheritdoc/>
    public override float* Bounds(int block) => (float*)(_bounds + ((long)block * BoundsPerBlock * sizeof(float)));

    /// <inheritdoc/>
    public override int DocIdOf(int row) => _docIds == null ? row : _docIds[row];

    /// <inheritdoc/>
    public override int RowOf(int docId)
    {
        if (_docIds == null)
        {
            return docId < Count ? docId : -1;
        }

        return Math.Max(-1, new ReadOnlySpan<int>(_docIds, Count).BinarySearch(docId));
    }

    /// <summary>Reads everything and checks it.</summary>
    /// <exception cref="DenseFormatException">Something is damaged.</exception>
    public void Verify()
    {
        for (int part = 0; part < _footer.Parts.Length; part++)
        {
            CheckPart(part);
        }

        Array.Clear(_rowsChecked);
        Array.Clear(_codesChecked);
        for (int block = 0; block < BlockCount; block++)
        {
            Rows(block);
            Codes(block);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _owner?.Dispose();

    private static DenseSegment Own(byte* start, long length, string name, IDisposable owner)
    {
        try
        {
            return new DenseSegment(start, DenseFooter.Read(start, length, name), name, owner);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    private void CheckBlock(int part, byte* start, int block, int rowBytes, bool withBounds, uint expected)
    {
        var hash = new XxHash3();
        hash.Append(new ReadOnlySpan<byte>(start, Math.Min(BlockSize, Count - (block * BlockSize)) * rowBytes));
        hash.Append(new ReadOnlySpan<byte>(Bounds(block), withBounds ? BoundsPerBlock * sizeof(float) : 0));
        if ((uint)hash.GetCurrentHashAsUInt64() != expected)
        {
            throw DenseFormatException.Damaged(Name, DenseFooter.PartNames[part], start - _start, $"the 64 rows from {block * BlockSize} do not match their checksum");
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
            throw DenseFormatException.Damaged(Name, DenseFooter.PartNames[part], entry.Offset, "its checksum does not match");
        }
    }

    private void CheckDocuments()
    {
        int previous = -1;
        for (int row = 0; row < Count && _docIds != null; row++)
        {
            if (_docIds[row] <= previous || _docIds[row] >= DocumentCount)
            {
                long offset = _footer.Parts[DenseFooter.Documents].Offset + (4L * row);
                throw DenseFormatException.Damaged(Name, DenseFooter.PartNames[DenseFooter.Documents], offset, "documents do not ascend or do not exist");
            }

            previous = _docIds[row];
        }
    }
}
