using System.Buffers;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>Lays out the postings of one term, as <c>FORMAT.md</c> says under "postings".</summary>
/// <remarks>Reused for every term of a segment; not thread-safe.</remarks>
internal sealed class TermEncoder
{
    private readonly int _documentCount;
    private readonly int _windows;
    private readonly int[] _scatteredCounts, _denseBlockCounts, _densePostingCounts;
    private readonly byte[] _blockMaxima, _present;
    private readonly ulong[] _unary = new ulong[(BlockLayout.WindowSize + BlockLayout.GroupsPerWindow) / 64];
    private readonly ArrayBufferWriter<ulong> _masks = new();
    private readonly ArrayBufferWriter<ushort> _docs = new();
    private readonly ArrayBufferWriter<byte> _blockIds = new(), _denseImpacts = new(), _scatteredImpacts = new(), _data = new(), _bytes = new();
    private int _window, _scatteredTotal, _denseTotal;

    /// <summary>Makes an encoder for a segment of <paramref name="documentCount"/> documents.</summary>
    public TermEncoder(int documentCount)
    {
        _documentCount = documentCount;
        _windows = BlockLayout.WindowsOf(documentCount);
        _scatteredCounts = new int[_windows];
        _denseBlockCounts = new int[_windows];
        _densePostingCounts = new int[_windows];
        _present = new byte[(_windows + 7) / 8];
        _blockMaxima = new byte[BlockLayout.BlocksOf(documentCount)];
    }

    /// <summary>Of the last term, bytes of its scattered documents.</summary>
    public int ScatteredDocumentBytes { get; private set; }

    /// <summary>Of the last term, bytes of the counts of its windows.</summary>
    public int WindowCountBytes { get; private set; }

    /// <summary>Encodes a term.</summary>
    /// <param name="docIds">Documents, ascending, at least one.</param>
    /// <param name="impacts">One a document, 1 to 255.</param>
    /// <param name="record">The record of the term but for its offset.</param>
    /// <returns>The term's bytes, a multiple of 8, valid until the next call.</returns>
    public ReadOnlySpan<byte> Encode(ReadOnlySpan<int> docIds, ReadOnlySpan<byte> impacts, out TermRecord record)
    {
        Reset();
        byte max = 0;
        for (int start = 0; start < docIds.Length;)
        {
            int block = docIds[start] / BlockLayout.BlockSize;
            int end = start + 1;
            while (end < docIds.Length && docIds[end] / BlockLayout.BlockSize == block)
            {
                end++;
            }

            if (block / BlockLayout.BlocksPerWindow != _window)
            {
                LayWindow();
                _window = block / BlockLayout.BlocksPerWindow;
            }

            max = Math.Max(max, AddBlock(block, docIds[start..end], impacts[start..end]));
            start = end;
        }

        LayWindow();
        byte flags = Flags(docIds.Length);
        Lay(flags);
        record = new TermRecord
        {
            Length = (uint)_bytes.WrittenCount,
            PostingCount = docIds.Length,
            ScatteredCount = _scatteredTotal,
            DenseBlockCount = _denseTotal,
            Checksum = (uint)XxHash3.HashToUInt64(_bytes.WrittenSpan),
            MaxImpact = max,
            Flags = flags,
        };
        return _bytes.WrittenSpan;
    }

    private byte AddBlock(int block, ReadOnlySpan<int> docIds, ReadOnlySpan<byte> impacts)
    {
        int window = block / BlockLayout.BlocksPerWindow;
        byte max = 0;
        foreach (byte impact in impacts)
        {
            max = Math.Max(max, impact);
        }

        _blockMaxima[block] = max;
        if (docIds.Length >= BlockLayout.DenseFrom)
        {
            ulong mask = 0;
            foreach (int docId in docIds)
            {
                mask |= 1UL << (docId % BlockLayout.BlockSize);
            }

            _masks.Write([mask]);
            _blockIds.Write([(byte)(block % BlockLayout.BlocksPerWindow)]);
            _denseImpacts.Write(impacts);
            _denseBlockCounts[window]++;
            _densePostingCounts[window] += docIds.Length;
            return max;
        }

        foreach (int docId in docIds)
        {
            _docs.Write([(ushort)(docId % BlockLayout.WindowSize)]);
        }

        _scatteredImpacts.Write(impacts);
        _scatteredCounts[window] += docIds.Length;
        return max;
    }

    private void LayWindow()
    {
        _scatteredTotal += _docs.WrittenCount;
        _denseTotal += _masks.WrittenCount;
        LayDenseBlocks(_blockIds.WrittenSpan, _masks.WrittenSpan);
        LayDocuments(_docs.WrittenSpan);
        ScatteredDocumentBytes += BlockLayout.DocumentBytes(_docs.WrittenCount);
        _data.Write(MemoryMarshal.AsBytes(_masks.WrittenSpan));
        _data.Write(_denseImpacts.WrittenSpan);
        _data.Write(_scatteredImpacts.WrittenSpan);
        _masks.ResetWrittenCount();
        _docs.ResetWrittenCount();
        _denseImpacts.ResetWrittenCount();
        _scatteredImpacts.ResetWrittenCount();
        _blockIds.ResetWrittenCount();
    }

    // Which blocks they are, and of every eighth how many postings there are up to its end.
    private void LayDenseBlocks(ReadOnlySpan<byte> blockIds, ReadOnlySpan<ulong> masks)
    {
        if (blockIds.Length < BlockLayout.BitmapFrom)
        {
            _data.Write(blockIds);
        }
        else
        {
            Span<byte> bits = stackalloc byte[BlockLayout.BlocksPerWindow / 8];
            bits.Clear();
            foreach (byte block in blockIds)
            {
                bits[block / 8] |= (byte)(1 << (block % 8));
            }

            _data.Write(bits);
        }

        int sum = 0;
        for (int i = 0; i < masks.Length; i++)
        {
            sum += BitOperations.PopCount(masks[i]);
            if (i % BlockLayout.BlocksPerSum == BlockLayout.BlocksPerSum - 1)
            {
                _data.Write([(byte)sum, (byte)(sum >> 8)]);
            }
        }
    }

    private void LayDocuments(ReadOnlySpan<ushort> docs)
    {
        if (docs.Length < BlockLayout.UnaryFrom)
        {
            _data.Write(MemoryMarshal.AsBytes(docs));
            return;
        }

        _unary.AsSpan().Clear();
        Span<byte> lowBytes = _data.GetSpan(BlockLayout.DocumentBytes(docs.Length))[BlockLayout.UnaryBytes(docs.Length)..];
        for (int i = 0; i < docs.Length; i++)
        {
            int bit = i + (docs[i] / BlockLayout.GroupSize);
            _unary[bit / 64] |= 1UL << (bit % 64);
            lowBytes[i] = (byte)docs[i];
        }

        MemoryMarshal.AsBytes(_unary.AsSpan())[..BlockLayout.UnaryBytes(docs.Length)].CopyTo(_data.GetSpan());
        _data.Advance(BlockLayout.DocumentBytes(docs.Length));
    }

    private byte Flags(int postings)
    {
        (int scattered, int dense, int densePostings) = (_scatteredCounts.Max(), _denseBlockCounts.Max(), _densePostingCounts.Max());
        bool wide = Math.Max(Math.Max(scattered, dense), densePostings) > 255;
        bool packed = scattered < 32 && dense < 16 && densePostings < 128;
        var shape = new TermRecord { Flags = wide ? TermRecord.HasWideCounts : packed ? TermRecord.HasPackedCounts : (byte)0 };
        int present = 0;
        for (int window = 0; window < _windows; window++)
        {
            bool any = _scatteredCounts[window] + _denseBlockCounts[window] > 0;
            present += any ? 1 : 0;
            _present[window / 8] |= (byte)(any ? 1 << (window % 8) : 0);
        }

        bool fewPresent = _present.Length < (_windows - present) * shape.CountsSize;
        return (byte)(shape.Flags
            | (fewPresent ? TermRecord.HasPresentWindows : 0)
            | (BlockLayout.StoresBlockMaxima(postings, _documentCount) ? TermRecord.HasBlockMaxima : 0));
    }

    private void Lay(byte flags)
    {
        bool fewPresent = (flags & TermRecord.HasPresentWindows) != 0;
        _bytes.Write(fewPresent ? _present : []);
        for (int window = 0; window < _windows; window++)
        {
            (int scattered, int dense, int postings) =
                (_scatteredCounts[window], _denseBlockCounts[window], _densePostingCounts[window]);
            if (fewPresent && scattered + dense == 0)
            {
                continue;
            }

            int packed = scattered | (dense << 5) | (postings << 9);
            _bytes.Write((flags & (TermRecord.HasWideCounts | TermRecord.HasPackedCounts)) switch
            {
                TermRecord.HasPackedCounts => [(byte)packed, (byte)(packed >> 8)],
                TermRecord.HasWideCounts =>
                    [(byte)scattered, (byte)(scattered >> 8), (byte)dense, (byte)(dense >> 8), (byte)postings, (byte)(postings >> 8)],
                _ => [(byte)scattered, (byte)dense, (byte)postings],
            });
        }

        WindowCountBytes = _bytes.WrittenCount;
        if ((flags & TermRecord.HasBlockMaxima) != 0)
        {
            int size = MaximaCodec.SizeOf(_blockMaxima.Length);
            MaximaCodec.Encode(_blockMaxima, _bytes.GetSpan(size));
            _bytes.Advance(size);
        }

        _bytes.Write(_data.WrittenSpan);
        Span<byte> zeros = stackalloc byte[8];
        zeros.Clear();
        _bytes.Write(zeros[..(-_bytes.WrittenCount & 7)]);
    }

    private void Reset()
    {
        _window = 0;
        _scatteredTotal = 0;
        _denseTotal = 0;
        ScatteredDocumentBytes = 0;
        _data.ResetWrittenCount();
        _bytes.ResetWrittenCount();
        _scatteredCounts.AsSpan().Clear();
        _denseBlockCounts.AsSpan().Clear();
        _densePostingCounts.AsSpan().Clear();
        _present.AsSpan().Clear();
        _blockMaxima.AsSpan().Clear();
    }
}
