using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Platform.Indexing.Lexical;
using Platform.Indexing.Storage;
using ZstdSharp;

namespace Platform.Indexing.Shards;

/// <summary>A segment file, read as it lies; only its deletions change.</summary>
internal sealed class SealedSegment : Segment
{
    private readonly ReadOnlyMemory<byte>[] _parts;

    private SealedSegment(string name, ReadOnlyMemory<byte>[] parts)
    {
        Name = name;
        _parts = parts;
        ReadOnlySpan<byte> summary = Bytes(SegmentFile.Part.Summary);
        DocumentCount = checked((int)BinaryPrimitives.ReadInt64LittleEndian(summary));
        PostingCount = BinaryPrimitives.ReadInt64LittleEndian(summary[sizeof(long)..]);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int DocumentCount { get; }

    /// <inheritdoc/>
    public override long PostingCount { get; }

    /// <summary>Bytes of the file.</summary>
    public long FileBytes { get; private init; }

    /// <inheritdoc/>
    public override ReadOnlySpan<int> Lengths => Numbers<int>(SegmentFile.Part.Lengths);

    /// <summary>Lexical terms.</summary>
    public int LexicalTermCount => Numbers<int>(SegmentFile.Part.LexicalFrequencies).Length;

    /// <summary>Sparse terms, ascending.</summary>
    public ReadOnlySpan<int> SparseTermIds => Numbers<int>(SegmentFile.Part.SparseTermIds);

    /// <summary>Opens a file.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="file">The whole file; kept.</param>
    /// <param name="deleted">The documents deleted from it so far; kept.</param>
    /// <param name="settled">Those of them that are settled; kept.</param>
    /// <exception cref="SegmentFormatException">The file is not as written.</exception>
    public static SealedSegment Open(string name, ReadOnlyMemory<byte> file, DeletedDocuments deleted, DeletedDocuments settled)
    {
        var segment = new SealedSegment(name, SegmentFile.Read(name, file)) { Deleted = deleted, Settled = settled, FileBytes = file.Length };
        segment.Recount();
        return segment;
    }

    /// <summary>Counts the live documents' lengths anew from the deletions.</summary>
    public void Recount()
    {
        (TextDocuments, TotalLength) = (0, 0);
        ReadOnlySpan<int> lengths = Lengths;
        for (int docId = 0; docId < lengths.Length; docId++)
        {
            if (lengths[docId] > 0 && !Deleted.Contains(docId))
            {
                TextDocuments++;
                TotalLength += lengths[docId];
            }
        }
    }

    /// <inheritdoc/>
    public override int Find(ReadOnlySpan<byte> key, ulong hash)
    {
        ReadOnlySpan<ulong> hashes = Numbers<ulong>(SegmentFile.Part.KeyHashes);
        ReadOnlySpan<int> docIds = Numbers<int>(SegmentFile.Part.KeyDocIds);
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
        ReadOnlySpan<long> blocks = Numbers<long>(SegmentFile.Part.StoredBlockOffsets);      // pairs: first document, offset
        int low = 0;
        int high = (blocks.Length / 2) - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (blocks[2 * middle] <= docId)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        ReadOnlySpan<byte> all = Bytes(SegmentFile.Part.StoredBlocks);
        int start = (int)blocks[(2 * low) + 1];
        int end = low + 1 < blocks.Length / 2 ? (int)blocks[(2 * low) + 3] : all.Length;
        using var decompressor = new Decompressor();
        ReadOnlySpan<byte> block = decompressor.Unwrap(all[start..end]);
        int position = 0;
        for (int i = (int)blocks[2 * low]; ; i++)
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
        Numbers<int>(SegmentFile.Part.LexicalFrequencies)[ordinal],
        Item(SegmentFile.Part.LexicalPostingOffsets, SegmentFile.Part.LexicalPostings, ordinal));

    /// <inheritdoc/>
    public override Postings SparsePostings(int termId)
    {
        int ordinal = SparseTermIds.BinarySearch(termId);
        return ordinal < 0 ? default : SparsePostingsAt(ordinal);
    }

    /// <summary>The postings of a sparse term by its place in the order.</summary>
    public Postings SparsePostingsAt(int ordinal) => new(
        Numbers<int>(SegmentFile.Part.SparseFrequencies)[ordinal],
        Item(SegmentFile.Part.SparsePostingOffsets, SegmentFile.Part.SparsePostings, ordinal));

    private ReadOnlySpan<byte> Item(SegmentFile.Part offsets, SegmentFile.Part bytes, int i)
    {
        ReadOnlySpan<long> at = Numbers<long>(offsets);
        return Bytes(bytes)[(int)at[i]..(int)at[i + 1]];
    }

    private ReadOnlySpan<byte> Bytes(SegmentFile.Part part) => _parts[(int)part].Span;

    private ReadOnlySpan<T> Numbers<T>(SegmentFile.Part part)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes(part));
}
