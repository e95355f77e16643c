using System.IO.Hashing;

namespace Platform.Indexing.Sparse;

/// <summary>An immutable sparse segment, open for search: postings by term, quantised impacts, documents 0 to n - 1.</summary>
/// <remarks>
/// Opening reads the footer, the terms and their records, not the postings. A term's postings are checked against their checksum
/// and for consistency the first time a query touches them, key ranks likewise; so damage is named before it can answer wrongly.
/// Safe on any number of threads. Dispose after the last search has returned.
/// </remarks>
internal sealed unsafe class SparseSegment : IDisposable
{
    private readonly byte* _start;
    private readonly IDisposable? _owner;
    private readonly SegmentFooter _footer;
    private readonly TermLookup _terms;
    private readonly byte[] _checked;
    private bool _keyRanksChecked;

    private SparseSegment(byte* start, long length, string name, IDisposable? owner)
    {
        Name = name;
        SizeInBytes = length;
        _start = start;
        _owner = owner;
        if (length < SegmentFooter.PreambleSize + SegmentFooter.Size)
        {
            throw SparseFormatException.TooShort(name, length, SegmentFooter.PreambleSize + SegmentFooter.Size);
        }

        _footer = SegmentFooter.Read(
            new ReadOnlySpan<byte>(start, SegmentFooter.PreambleSize),
            new ReadOnlySpan<byte>(start + length - SegmentFooter.Size, SegmentFooter.Size),
            length,
            name);
        CheckPart(1);
        CheckPart(2);
        CheckRecords();
        _terms = new TermLookup((int*)(start + _footer.Parts[1].Offset), _footer.TermCount);
        _checked = new byte[_footer.TermCount];
        _keyRanksChecked = _footer.Parts[3].Length == 0;
    }

    /// <summary>The name used in messages: a path or what the caller gave.</summary>
    public string Name { get; }

    /// <summary>Bytes of the segment.</summary>
    public long SizeInBytes { get; }

    /// <summary>Documents, those without terms included; docIds are 0 to this, exclusively.</summary>
    public int DocumentCount => _footer.DocumentCount;

    /// <summary>Different terms.</summary>
    public int TermCount => _footer.TermCount;

    /// <summary>Postings.</summary>
    public long PostingCount => _footer.PostingCount;

    /// <summary>How the segment was made.</summary>
    public SegmentProperties Properties => _footer.Properties;

    /// <summary>Bytes of the scattered documents of all terms, their impacts not included.</summary>
    public long ScatteredDocumentBytes => _footer.ScatteredDocumentBytes;

    /// <summary>Bytes of the counts of windows of all terms.</summary>
    public long WindowCountBytes => _footer.WindowCountBytes;

    /// <summary>Where the parts lie.</summary>
    internal ReadOnlySpan<PartEntry> Parts => _footer.Parts;

    /// <summary>Maps a file, or a region of one, and opens the segment in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">First byte of the segment.</param>
    /// <param name="length">Bytes of the segment; null for all up to the end of the file.</param>
    /// <exception cref="SparseFormatException">The bytes are damaged or of another version.</exception>
    public static SparseSegment Open(string path, long offset = 0, long? length = null)
    {
        MappedRegion region = MappedRegion.Open(path, offset, length);
        return Own(region.Pointer, region.Length, path, region);
    }

    /// <summary>Opens a segment in memory; the memory is pinned until <see cref="Dispose"/>.</summary>
    /// <exception cref="SparseFormatException">The bytes are damaged or of another version.</exception>
    public static SparseSegment Open(ReadOnlyMemory<byte> bytes, string name)
    {
        System.Buffers.MemoryHandle handle = bytes.Pin();
        return Own((byte*)handle.Pointer, bytes.Length, name, handle);
    }

    /// <summary>Opens a segment in memory that the caller keeps alive and unchanged until after <see cref="Dispose"/>.</summary>
    /// <exception cref="SparseFormatException">The bytes are damaged or of another version.</exception>
    public static SparseSegment Open(byte* start, long length, string name) => new(start, length, name, null);

    /// <summary>The term's number among this segment's terms, or -1 where no document has it.</summary>
    public int FindTerm(int termId) => _terms.Find(termId);

    /// <summary>The term id of a number that <see cref="FindTerm"/> may return.</summary>
    public int TermId(int ordinal) => _terms.TermId(ordinal);

    /// <summary>The term's record.</summary>
    internal ref readonly TermRecord Record(int ordinal) =>
        ref ((TermRecord*)(_start + _footer.Parts[2].Offset))[ordinal];

    /// <summary>The term's postings, checked now if no query touched them before.</summary>
    /// <exception cref="SparseFormatException">They are damaged.</exception>
    internal TermPostings Postings(int ordinal)
    {
        ref readonly TermRecord record = ref Record(ordinal);
        byte* start = _start + _footer.Parts[0].Offset + record.Offset;
        if (_checked[ordinal] == 0)
        {
            CheckPostings(ordinal, start, record);
            _checked[ordinal] = 1;
        }

        return new TermPostings(start, record, DocumentCount);
    }

    /// <summary>The rank of each document's key among the segment's keys; empty where rank and docId agree.</summary>
    /// <exception cref="SparseFormatException">They are damaged.</exception>
    internal ReadOnlySpan<int> KeyRanks()
    {
        if (!_keyRanksChecked)
        {
            CheckPart(3);
            _keyRanksChecked = true;
        }

        bool stored = _footer.Parts[3].Length > 0;
        return stored ? new ReadOnlySpan<int>(_start + _footer.Parts[3].Offset, DocumentCount) : [];
    }

    /// <summary>Reads everything and checks it.</summary>
    /// <exception cref="SparseFormatException">Something is damaged.</exception>
    public void Verify()
    {
        for (int part = 0; part < _footer.Parts.Length; part++)
        {
            CheckPart(part);
        }

        for (int ordinal = 0; ordinal < TermCount; ordinal++)
        {
            _checked[ordinal] = 0;
            Postings(ordinal);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _owner?.Dispose();

    private static SparseSegment Own(byte* start, long length, string name, IDisposable owner)
    {
        try
        {
            return new SparseSegment(start, length, name, owner);
        }
        catch
        {
            owner.Dispose();
            throw;
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
            throw SparseFormatException.Damaged(Name, SegmentFooter.PartNames[part], entry.Offset, "its checksum does not match");
        }
    }

    private void CheckRecords()
    {
        long end = _footer.Parts[0].Length - BlockLayout.Padding;
        long position = 0;
        for (int ordinal = 0; ordinal < _footer.TermCount; ordinal++)
        {
            ref readonly TermRecord record = ref Record(ordinal);
            bool sound = record.Offset == position
                && record.Length <= end - position
                && record.PostingCount > 0
                && record.PostingCount <= DocumentCount
                && record.ScatteredCount >= 0
                && record.ScatteredCount <= record.PostingCount
                && record.DenseBlockCount >= 0
                && record.DenseBlockCount <= BlockLayout.BlocksOf(DocumentCount);
            if (!sound)
            {
                long offset = _footer.Parts[2].Offset + ((long)TermRecord.Size * ordinal);
                throw SparseFormatException.Damaged(Name, "records", offset, "a record contradicts the one before it or the counts");
            }

            position += record.Length;
        }
    }

    private void CheckPostings(int ordinal, byte* start, in TermRecord record)
    {
        bool sound = (uint)XxHash3.HashToUInt64(new ReadOnlySpan<byte>(start, (int)record.Length)) == record.Checksum
            && record.Length >= TermPostings.LeastLength(record, DocumentCount)
            && new TermPostings(start, record, DocumentCount).AreConsistent(start, record, DocumentCount);
        if (!sound)
        {
            long offset = _footer.Parts[0].Offset + record.Offset;
            throw SparseFormatException.Damaged(Name, "postings", offset, $"the postings of term {TermId(ordinal)} do not match their checksum or layout");
        }
    }
}
