using System.Numerics;

namespace Platform.Indexing.Sparse;

/// <summary>Reads the postings of a term back, window by window: its dense blocks, then its scattered postings.</summary>
/// <remarks>Documents ascend inside each of the two, not over both. Valid while the segment is open; not thread-safe.</remarks>
internal unsafe ref struct PostingsDecoder
{
    private readonly TermPostings _postings;
    private readonly int _windows;
    private WindowCursor _cursor;
    private ScatteredDocuments _scattered;
    private WindowPostings _arrays;
    private byte* _denseImpact;
    private DenseBlockIds _blockIds;
    private int _dense, _block, _window;
    private ulong _mask;

    /// <summary>Stands before the first posting.</summary>
    public PostingsDecoder(SparseSegment segment, int ordinal)
    {
        _postings = segment.Postings(ordinal);
        _cursor = _postings.Windows;
        _windows = BlockLayout.WindowsOf(segment.DocumentCount);
        _window = -1;
    }

    /// <summary>The document.</summary>
    public int DocId { get; private set; }

    /// <summary>Its impact.</summary>
    public byte Impact { get; private set; }

    /// <summary>Goes to the next posting. Returns whether there is one.</summary>
    public bool Next()
    {
        while (true)
        {
            // SAFETY: the counts of windows add up to the arrays' lengths; see TermPostings.AreConsistent.
            if (_mask != 0)
            {
                int lane = BitOperations.TrailingZeroCount(_mask);
                _mask &= _mask - 1;
                DocId = (_window * BlockLayout.WindowSize) + (_block * BlockLayout.BlockSize) + lane;
                Impact = *_denseImpact++;
                return true;
            }

            if (_dense < _arrays.Dense)
            {
                _mask = _arrays.Masks[_dense++];
                _block = _blockIds.Next();
            }
            else if (_scattered.Next())
            {
                DocId = (_window * BlockLayout.WindowSize) + _scattered.Document;
                Impact = _arrays.ScatteredImpacts[_scattered.Index];
                return true;
            }
            else if (++_window < _windows)
            {
                _arrays = new WindowPostings(_postings.Data, _cursor.Next(_window));
                _scattered = new ScatteredDocuments(_arrays);
                _denseImpact = _arrays.DenseImpacts;
                _blockIds = new DenseBlockIds(_arrays);
                _dense = 0;
            }
            else
            {
                return false;
            }
        }
    }
}
