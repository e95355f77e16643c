using System.Numerics;

namespace Platform.Indexing.Sparse;

/// <summary>Reads the postings of a term back, window by window: its dense blocks, then its scattered postings.</summary>
/// <remarks>Documents ascend inside each of the two, not over both. Valid while the segment is open; not thread-safe.</remarks>
internal unsafe ref struct PostingsDecoder
{
    private readonly TermPostings _postings;
    private readonly int _windows;
    private readonly bool _wide;
    private byte* _denseImpact;
    private int _dense, _denseLeft, _scattered, _scatteredLeft, _window;
    private ulong _mask;

    /// <summary>Stands before the first posting.</summary>
    public PostingsDecoder(SparseSegment segment, int ordinal)
    {
        _postings = segment.Postings(ordinal);
        _windows = BlockLayout.WindowsOf(segment.DocumentCount);
        _wide = (segment.Record(ordinal).Flags & TermRecord.HasWideCounts) != 0;
        _denseImpact = _postings.DenseImpacts;
        _dense = -1;
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
                DocId = (_window * BlockLayout.WindowSize) + (_postings.BlockIds[_dense] * BlockLayout.BlockSize) + lane;
                Impact = *_denseImpact++;
                return true;
            }

            if (_denseLeft > 0)
            {
                _denseLeft--;
                _mask = _postings.Masks[++_dense];
            }
            else if (_scatteredLeft > 0)
            {
                _scatteredLeft--;
                DocId = (_window * BlockLayout.WindowSize) + _postings.Docs[_scattered];
                Impact = _postings.ScatteredImpacts[_scattered++];
                return true;
            }
            else if (++_window < _windows)
            {
                _denseLeft = _postings.Count(1, _window, _windows, _wide);
                _scatteredLeft = _postings.Count(0, _window, _windows, _wide);
            }
            else
            {
                return false;
            }
        }
    }
}
