using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>Writes a segment front to back: preamble, postings term by term, terms, records, key ranks, footer.</summary>
/// <remarks>
/// The stream need not seek, so a segment can be written into the middle of a larger file. Besides the stream only the terms and
/// their records are held in memory. Not thread-safe.
/// </remarks>
internal sealed class SparseSegmentWriter
{
    private readonly Stream _stream;
    private readonly int _documentCount;
    private readonly TermEncoder _encoder;
    private readonly XxHash3 _postingsHash = new();
    private readonly List<int> _terms = [];
    private readonly List<TermRecord> _records = [];
    private readonly List<PartEntry> _parts = [];
    private long _position = SegmentFooter.PreambleSize;
    private long _postingCount;
    private double _sumOfSquares;
    private long _scatteredDocumentBytes, _windowCountBytes;

    /// <summary>Starts a segment at the stream's position.</summary>
    public SparseSegmentWriter(Stream stream, int documentCount)
    {
        _stream = stream;
        _documentCount = documentCount;
        _encoder = new TermEncoder(documentCount);
        Span<byte> preamble = stackalloc byte[SegmentFooter.PreambleSize];
        preamble.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(preamble, SegmentFooter.Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(preamble[8..], SegmentFooter.NewestVersion);
        _stream.Write(preamble);
    }

    /// <summary>Writes the postings of one term.</summary>
    /// <param name="termId">Greater than that of the call before.</param>
    /// <param name="docIds">Documents, ascending; none is no fault and writes nothing.</param>
    /// <param name="impacts">One a document, 1 to 255.</param>
    public void Add(int termId, ReadOnlySpan<int> docIds, ReadOnlySpan<byte> impacts)
    {
        if (docIds.Length == 0)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(termId, _terms.Count == 0 ? -1 : _terms[^1]);
        ReadOnlySpan<byte> bytes = _encoder.Encode(docIds, impacts, out TermRecord record);
        _scatteredDocumentBytes += _encoder.ScatteredDocumentBytes;
        _windowCountBytes += _encoder.WindowCountBytes;
        record.Offset = _position - SegmentFooter.PreambleSize;
        _terms.Add(termId);
        _records.Add(record);
        _postingCount += docIds.Length;
        _sumOfSquares += (double)docIds.Length * docIds.Length;
        _postingsHash.Append(bytes);
        _stream.Write(bytes);
        _position += bytes.Length;
    }

    /// <summary>Writes the rest of the segment; the stream stays open.</summary>
    /// <param name="keyRanks">The rank of each document's key, a permutation of the docIds; empty where rank and docId agree.</param>
    /// <param name="properties">What the builder knows; sums over postings are filled in here.</param>
    /// <returns>Bytes of the segment.</returns>
    public long Finish(ReadOnlySpan<int> keyRanks, SegmentProperties properties)
    {
        byte[] padding = new byte[BlockLayout.Padding];
        _stream.Write(padding);
        _postingsHash.Append(padding);
        _parts.Add(new PartEntry(
            SegmentFooter.PreambleSize,
            _position + padding.Length - SegmentFooter.PreambleSize,
            _postingsHash.GetCurrentHashAsUInt64()));
        _position += padding.Length;
        WritePart(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_terms)));
        WritePart(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_records)));
        WritePart(MemoryMarshal.AsBytes(keyRanks));
        var footer = new SegmentFooter
        {
            DocumentCount = _documentCount,
            TermCount = _terms.Count,
            PostingCount = _postingCount,
            Properties = properties with { SumOfSquaredPostings = _sumOfSquares },
            ScatteredDocumentBytes = _scatteredDocumentBytes,
            WindowCountBytes = _windowCountBytes,
            Parts = [.. _parts],
        };
        byte[] bytes = new byte[SegmentFooter.Size];
        footer.Write(bytes);
        _stream.Write(bytes);
        return _position + bytes.Length;
    }

    private void WritePart(ReadOnlySpan<byte> bytes)
    {
        Span<byte> zeros = stackalloc byte[8];
        zeros.Clear();
        ReadOnlySpan<byte> padding = zeros[..(-bytes.Length & 7)];
        var hash = new XxHash3();
        hash.Append(bytes);
        hash.Append(padding);
        _stream.Write(bytes);
        _stream.Write(padding);
        long length = bytes.Length + padding.Length;
        _parts.Add(new PartEntry(_position, length, hash.GetCurrentHashAsUInt64()));
        _position += length;
    }
}
