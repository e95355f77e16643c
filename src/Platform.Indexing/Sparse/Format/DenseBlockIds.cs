using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>Reads the numbers of a window's dense blocks one by one, whichever way they are stored.</summary>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct DenseBlockIds(in WindowPostings postings)
{
    private readonly bool _isBitmap = postings.IsBitmap;
    private byte* _next = postings.BlockIds;
    private ulong _word;
    private int _firstOfWord = -64;

    /// <summary>The next one. To be called at most once a dense block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next()
    {
        if (!_isBitmap)
        {
            return *_next++;
        }

        while (_word == 0)
        {
            // SAFETY: the bitmap has a bit a dense block (TermPostings.AreConsistent).
            _word = *(ulong*)_next;
            _next += sizeof(ulong);
            _firstOfWord += 64;
        }

        int block = _firstOfWord + BitOperations.TrailingZeroCount(_word);
        _word &= _word - 1;
        return block;
    }
}
