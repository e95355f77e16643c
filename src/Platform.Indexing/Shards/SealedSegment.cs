using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Platform.Indexing.Dense;
using Platform.Indexing.Fields;
using Platform.Indexing.Lexical;
using Platform.Indexing.Sparse;
using Platform.Indexing.Storage;
using ZstdSharp;

namespace Platform.Indexing.Shards;

/// <summary>A segment file, read as it lies; only its deletions change.</summary>
/// <remarks>Its bytes may be mapped: nothing may read it once it is disposed, so the shard disposes it where no reader can be.</remarks>
internal sealed class SealedSegment : Segment, IDisposable
{
    private readonly SegmentParts _parts;
    private readonly BlobView _file;
    private readonly DenseSegment? _vectors;
    private readonly FilterCache _filters = new();
    private FieldColumns? _fields;

    private SealedSegment(string name, BlobView file)
    {
        Name = name;
        _file = file;
        _parts = SegmentFile.Read(name, file.Content);
        ReadOnlySpan<long> summary = _parts.Numbers<long>(SegmentFile.Part.Summary);
        if (summary.Length != 4 || summary[0] is < 0 or > int.MaxValue)
        {
            throw SegmentFormatException.Contradiction(name, nameof(SegmentFile.Part.Summary));
        }

        DocumentCount = (int)summary[0];
        (PostingCount, TextDocuments, TotalLength) = (summary[1], summary[2], summary[3]);
        Sparse = SparseSegment.Open(_parts.Unchecked(SegmentFile.Part.Sparse).Content, name);
        try
        {
            CheckDocumentCount(Sparse.DocumentCount, SegmentFile.Part.Sparse);
            _vectors = OpenVectors();
        }
        catch
        {
            Sparse.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int DocumentCount { get; }

    /// <inheritdoc/>
    public override long PostingCount { get; }

    /// <summary>The bytes of the file that are its documents': a borrowed file has others too.</summary>
    public long FileBytes => HiddenCount == 0 ? _file.Content.Length : (long)((double)_file.Content.Length / DocumentCount * (DocumentCount - HiddenCount));

    /// <summary>The folder, beside the shard's, of the shard that the file is borrowed from; null for its own.</summary>
    public string? Folder { get; private init; }

    /// <summary>The buckets whose documents count; null for all that the file has.</summary>
    public BucketRange? Buckets { get; private init; }

    /// <summary>Documents of other buckets: to this shard they are deleted.</summary>
    public int HiddenCount { get; private set; }

    /// <inheritdoc/>
    public override ReadOnlySpan<int> Lengths => _parts.Numbers<int>(SegmentFile.Part.Lengths);

    /// <summary>Lexical terms.</summary>
    public int LexicalTermCount => _parts.Numbers<int>(SegmentFile.Part.LexicalFrequencies).Length;

    /// <summary>The sparse postings; its docIds are this segment's.</summary>
    public SparseSegment Sparse { get; }

    /// <summary>Opens a file whole.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="file">The whole file; disposed with the segment, or if it can't be opened.</param>
    /// <param name="deleted">The documents deleted from it so far; kept.</param>
    /// <param name="settled">Those of them that are settled; kept.</param>
    /// <exception cref="SegmentFormatException">The file is not as written.</exception>
    /// <exception cref="SparseFormatException">Its sparse part is not.</exception>
    /// <exception cref="DenseFormatException">Its dense part is not.</exception>
    public static SealedSegment Open(string name, BlobView file, DeletedDocuments deleted, DeletedDocuments settled) =>
        Open(new SegmentEntry(name, ""), file, deleted, settled);

    /// <summary>Opens a file, or the part of it that the entry says.</summary>
    /// <param name="entry">What the manifest says of it.</param>
    /// <param name="file">The whole file; disposed with the segment, or if it can't be opened.</param>
    /// <param name="deleted">The documents deleted from it so far; kept.</param>
    /// <param name="settled">Those of them that are settled; kept.</param>
    /// <exception cref="SegmentFormatException">The file is not as written.</exception>
    /// <exception cref="SparseFormatException">Its sparse part is not.</exception>
    /// <exception cref="DenseFormatException">Its dense part is not.</exception>
    public static SealedSegment Open(SegmentEntry entry, BlobView file, DeletedDocuments deleted, DeletedDocuments settled)
    {
        try
        {
            var segment = new SealedSegment(entry.Name, file) { Deleted = deleted, Settled = settled, Folder = entry.Folder, Buckets = entry.Buckets };
            segment.HideOtherBuckets();
            segment.LeaveOutDeleted();
            return segment;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Sparse.Dispose();
        _vectors?.Dispose();
        _file.Dispose();
    }

    /// <inheritdoc/>
    public override int Find(ReadOnlySpan<byte> key, ulong hash)
    {
        ReadOnlySpan<ulong> hashes = _parts.Numbers<ulong>(SegmentFile.Part.KeyHashes);
        ReadOnlySpan<int> docIds = _parts.Numbers<int>(SegmentFile.Part.KeyDocIds);
        int at = hashes.BinarySearch(hash);
        if (at < 0)
        {
            return -1;
        }

        while (at > 0 && hashes[at - 1] == hash)
        {
            at--;
        }

        for (; at < hashes.Length && hashes[at] == hash; at++)
        {
            if (!Deleted.Contains(docIds[at]) && key.SequenceEqual(KeyOf(docIds[at])))
            {
                return docIds[at];
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> KeyOf(int docId) => Item(SegmentFile.Part.KeyOffsets, SegmentFile.Part.KeyBytes, docId);

    /// <inheritdoc/>
    public override byte[] StoredOf(int docId)
    {
        ReadOnlySpan<StoredBlock> blocks = MemoryMarshal.Cast<byte, StoredBlock>(_parts.Bytes(SegmentFile.Part.StoredBlocks));
        int low = 0;
        int high = blocks.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = blocks[middle].FirstDocument <= docId ? (middle, high) : (low, middle - 1);
        }

        (ReadOnlyMemory<byte> all, long offset) = _parts.Unchecked(SegmentFile.Part.StoredBytes);
        int start = (int)blocks[low].Offset;
        int end = low + 1 < blocks.Length ? (int)blocks[low + 1].Offset : all.Length;
        ReadOnlySpan<byte> frame = all.Span[start..end];
        if (XxHash3.HashToUInt64(frame) != blocks[low].Checksum)
        {
            throw SegmentFormatException.Damaged(Name, nameof(SegmentFile.Part.StoredBytes), offset + start);
        }

        using var decompressor = new Decompressor();
        ReadOnlySpan<byte> block = decompressor.Unwrap(frame);
        int position = 0;
        for (long i = blocks[low].FirstDocument; ; i++)
        {
            int length = Varint.Read(block, ref position);
            if (i == docId)
            {
                return block.Slice(position, length).ToArray();
            }

            position += length;
        }
    }

    /// <inheritdoc/>
    public override Postings LexicalPostings(string term)
    {
        Span<byte> buffer = stackalloc byte[512];
        ReadOnlySpan<byte> wanted = Encoding.UTF8.GetMaxByteCount(term.Length) <= buffer.Length
            ? buffer[..Encoding.UTF8.GetBytes(term, buffer)]
            : Encoding.UTF8.GetBytes(term);
        int low = 0;
        int high = LexicalTermCount - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = LexicalTerm(middle).SequenceCompareTo(wanted);
            if (order == 0)
            {
                return LexicalPostings(middle);
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return default;
    }

    /// <summary>A lexical term by its place in the order, UTF-8.</summary>
    public ReadOnlySpan<byte> LexicalTerm(int ordinal) => Item(SegmentFile.Part.LexicalTermOffsets, SegmentFile.Part.LexicalTermBytes, ordinal);

    /// <summary>The postings of a lexical term by its place in the order.</summary>
    public Postings LexicalPostings(int ordinal) => new(
        _parts.Numbers<int>(SegmentFile.Part.LexicalFrequencies)[ordinal],
        Item(SegmentFile.Part.LexicalPostingOffsets, SegmentFile.Part.LexicalPostings, ordinal));

    /// <inheritdoc/>
    public override long SparsePostingCount => Sparse.PostingCount;

    /// <inheritdoc/>
    public override VectorRows? Vectors => _vectors;

    /// <inheritdoc/>
    public override FieldColumns Fields => Volatile.Read(ref _fields) ?? OpenFields();

    /// <inheritdoc/>
    public override FilterMatches Match(FieldFilter filter) =>
        _filters.Get(filter, wanted => new FilterMatches(FilterEvaluation.Evaluate(wanted, Fields, DocumentCount)));

    /// <inheritdoc/>
    public override SparseTopK Search(
        SparseSearchers searchers, ReadOnlySpan<int> termIds, ReadOnlySpan<int> impacts, in SparseSearchOptions options, FilterMatches? matches) =>
        searchers.OfSealed.Search(Sparse, termIds, impacts, options, ExcludedBy(matches));

    /// <inheritdoc/>
    public override int ImpactOf(int termId, int docId)
    {
        int ordinal = Sparse.FindTerm(termId);
        if (ordinal < 0)
        {
            return 0;
        }

        var postings = new PostingsDecoder(Sparse, ordinal);
        while (postings.Next())
        {
            if (postings.DocId == docId)
            {
                return postings.Impact;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override void MarkSparse(int termId, Span<ulong> documents)
    {
        int ordinal = Sparse.FindTerm(termId);
        if (ordinal >= 0)
        {
            var postings = new PostingsDecoder(Sparse, ordinal);
            while (postings.Next())
            {
                documents[postings.DocId >> 6] |= 1UL << postings.DocId;
            }
        }
    }

    private DenseSegment? OpenVectors()
    {
        ReadOnlyMemory<byte> part = _parts.Unchecked(SegmentFile.Part.Vectors).Content;
        if (part.IsEmpty)
        {
            return null;
        }

        DenseSegment vectors = DenseSegment.Open(part, Name);
        try
        {
            CheckDocumentCount(vectors.DocumentCount, SegmentFile.Part.Vectors);
            return vectors;
        }
        catch
        {
            vectors.Dispose();
            throw;
        }
    }

    private FieldColumns OpenFields()
    {
        _ = _parts.Bytes(SegmentFile.Part.Fields);           // checks the part
        ReadOnlyMemory<byte> part = _parts.Unchecked(SegmentFile.Part.Fields).Content;
        FieldColumns fields = part.IsEmpty
            ? FieldColumns.None
            : FieldSegment.TryOpen(part, DocumentCount) ?? throw SegmentFormatException.Contradiction(Name, nameof(SegmentFile.Part.Fields));
        Volatile.Write(ref _fields, fields);
        return fields;
    }

    private void CheckDocumentCount(int documents, SegmentFile.Part part)
    {
        if (documents != DocumentCount)
        {
            throw SegmentFormatException.Contradiction(Name, part.ToString());
        }
    }

    /// <summary>Deletes the documents of other buckets: the key table is in the order of hashes, so they stand at its two ends.</summary>
    private void HideOtherBuckets()
    {
        if (Buckets is not { } buckets)
        {
            return;
        }

        ReadOnlySpan<ulong> hashes = _parts.Numbers<ulong>(SegmentFile.Part.KeyHashes);
        ReadOnlySpan<int> docIds = _parts.Numbers<int>(SegmentFile.Part.KeyDocIds);
        if (hashes.Length != DocumentCount || docIds.Length != DocumentCount)
        {
            throw SegmentFormatException.Contradiction(Name, nameof(SegmentFile.Part.KeyHashes));
        }

        for (int i = 0; i < hashes.Length; i++)
        {
            if (hashes[i] < buckets.FirstHash || hashes[i] > buckets.LastHash)
            {
                HiddenCount++;
                Deleted.Add(docIds[i]);
                Settled.Add(docIds[i]);
            }
        }
    }

    /// <summary>Takes the deleted documents out of the sums, which the file has over all of them.</summary>
    private void LeaveOutDeleted()
    {
        if (Deleted.Count == 0)
        {
            return;
        }

        ReadOnlySpan<int> lengths = Lengths;
        for (int docId = 0; docId < lengths.Length; docId++)
        {
            if (lengths[docId] > 0 && Deleted.Contains(docId))
            {
                TextDocuments--;
                TotalLength -= lengths[docId];
            }
        }
    }

    private ReadOnlySpan<byte> Item(SegmentFile.Part offsets, SegmentFile.Part bytes, int i)
    {
        ReadOnlySpan<long> at = _parts.Numbers<long>(offsets);
        return _parts.Bytes(bytes)[(int)at[i]..(int)at[i + 1]];
    }
}

/// <summary>Where some documents' stored bytes lie, compressed together.</summary>
/// <param name="FirstDocument">The first of them.</param>
/// <param name="Offset">The frame's first byte in the part.</param>
/// <param name="Checksum">XXH3 of the frame.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct StoredBlock(long FirstDocument, long Offset, ulong Checksum);
