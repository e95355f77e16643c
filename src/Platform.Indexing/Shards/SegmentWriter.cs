using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Platform.Indexing.Dense;
using Platform.Indexing.Lexical;
using Platform.Indexing.Storage;
using ZstdSharp;

namespace Platform.Indexing.Shards;

/// <summary>Writes a segment file: the sparse postings first, then documents in order, then lexical terms in order and vectors.</summary>
internal sealed class SegmentWriter : IDisposable
{
    /// <summary>Stored bytes are compressed together in blocks of about this size: 16 KiB trades 2-3x compression for about 20 us a read.</summary>
    internal const int StoredBlockBytes = 16 * 1024;

    private readonly Compressor _compressor = new(level: 3);
    private readonly Part _keyBytes = new();
    private readonly Part _lexicalTermBytes = new();
    private readonly Part _lexicalPostings = new();
    private readonly Part _storedBytes = new();
    private readonly ArrayBufferWriter<byte> _storedBlock = new(StoredBlockBytes * 2);
    private readonly List<(ulong Hash, int DocId)> _keyHashes = [];
    private readonly List<int> _lengths = [];
    private readonly List<int> _lexicalFrequencies = [];
    private readonly List<StoredBlock> _storedBlocks = [];
    private ReadOnlyMemory<byte> _sparse;
    private ReadOnlyMemory<byte> _vectors;
    private ReadOnlyMemory<byte> _fields;
    private int _storedBlockFirst;
    private long _postings, _textDocuments, _totalLength;

    /// <summary>Documents so far.</summary>
    public int DocumentCount => _lengths.Count;

    /// <summary>Takes the sparse part, a segment of the sparse engine over the documents that follow.</summary>
    public void AddSparse(ReadOnlyMemory<byte> segment, long postings)
    {
        _sparse = segment;
        _postings += postings;
    }

    /// <summary>Adds the next document; its number is the count of those before.</summary>
    public void AddDocument(ReadOnlySpan<byte> key, int length, ReadOnlySpan<byte> stored)
    {
        _keyHashes.Add((Segment.HashOf(key), _lengths.Count));
        _lengths.Add(length);
        _textDocuments += length > 0 ? 1 : 0;
        _totalLength += length;
        _keyBytes.Add(key);
        Varint.Write(_storedBlock, stored.Length);
        _storedBlock.Write(stored);
        if (_storedBlock.WrittenCount >= StoredBlockBytes)
        {
            CloseStoredBlock();
        }
    }

    /// <summary>Adds a lexical term; terms come ascending by UTF-8 bytes.</summary>
    public void AddLexicalTerm(ReadOnlySpan<byte> term, Postings postings)
    {
        _lexicalTermBytes.Add(term);
        _lexicalFrequencies.Add(postings.Documents);
        _lexicalPostings.Add(postings.Bytes);
        _postings += postings.Documents;
    }

    /// <summary>Adds the dense part, after all documents.</summary>
    /// <param name="rows">At least one, of one layout, by ascending document.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public void AddVectors(List<DenseRow> rows, CancellationToken cancellationToken)
    {
        VectorLayout layout = rows[0].Source.Layout;
        var bytes = new MemoryStream(DenseSegmentWriter.SizeOf(layout, DocumentCount, rows.Count));
        DenseSegmentWriter.Write(bytes, layout, DocumentCount, CollectionsMarshal.AsSpan(rows), cancellationToken);
        _vectors = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    /// <summary>Takes the columns of the documents' fields.</summary>
    public void AddFields(ReadOnlyMemory<byte> part) => _fields = part;

    /// <summary>The file.</summary>
    public byte[] Finish()
    {
        CloseStoredBlock();
        _keyHashes.Sort();
        return SegmentFile.Write(new Dictionary<SegmentFile.Part, ReadOnlyMemory<byte>>
        {
            [SegmentFile.Part.Summary] = Numbers<long>([_lengths.Count, _postings, _textDocuments, _totalLength]),
            [SegmentFile.Part.KeyOffsets] = _keyBytes.Offsets,
            [SegmentFile.Part.KeyBytes] = _keyBytes.Bytes,
            [SegmentFile.Part.KeyHashes] = Numbers(_keyHashes.ConvertAll(entry => entry.Hash)),
            [SegmentFile.Part.KeyDocIds] = Numbers(_keyHashes.ConvertAll(entry => entry.DocId)),
            [SegmentFile.Part.Lengths] = Numbers(_lengths),
            [SegmentFile.Part.LexicalTermOffsets] = _lexicalTermBytes.Offsets,
            [SegmentFile.Part.LexicalTermBytes] = _lexicalTermBytes.Bytes,
            [SegmentFile.Part.LexicalFrequencies] = Numbers(_lexicalFrequencies),
            [SegmentFile.Part.LexicalPostingOffsets] = _lexicalPostings.Offsets,
            [SegmentFile.Part.LexicalPostings] = _lexicalPostings.Bytes,
            [SegmentFile.Part.Sparse] = _sparse,
            [SegmentFile.Part.StoredBlocks] = Numbers(_storedBlocks),
            [SegmentFile.Part.StoredBytes] = _storedBytes.Bytes,
            [SegmentFile.Part.Vectors] = _vectors,
            [SegmentFile.Part.Fields] = _fields,
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _compressor.Dispose();

    private void CloseStoredBlock()
    {
        if (_storedBlock.WrittenCount == 0)
        {
            return;
        }

        ReadOnlySpan<byte> frame = _compressor.Wrap(_storedBlock.WrittenSpan);
        _storedBlocks.Add(new StoredBlock(_storedBlockFirst, _storedBytes.Length, XxHash3.HashToUInt64(frame)));
        _storedBytes.Add(frame);
        _storedBlock.ResetWrittenCount();
        _storedBlockFirst = _lengths.Count;
    }

    private static byte[] Numbers<T>(List<T> numbers)
        where T : unmanaged => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(numbers)).ToArray();

    /// <summary>Byte strings end to end, with the offset of each and of the end.</summary>
    private sealed class Part
    {
        private readonly ArrayBufferWriter<byte> _bytes = new(1024);
        private readonly List<long> _offsets = [0];

        public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

        public ReadOnlyMemory<byte> Offsets => Numbers(_offsets);

        public int Length => _bytes.WrittenCount;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            _bytes.Write(bytes);
            _offsets.Add(_bytes.WrittenCount);
        }
    }
}
