using System.Numerics;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>Reads the scattered documents of a window one by one, whichever way they are stored.</summary>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct ScatteredDocuments(in WindowPostings postings)
{
    private readonly WindowPostings _postings = postings;
    private ulong _word;
    private int _wordsRead;

    /// <summary>The number of the posting that <see cref="Document"/> is of: -1 before the first.</summary>
    public int Index { get; private set; } = -1;

    /// <summary>The document, from the start of the window.</summary>
    public int Document { get; private set; }

    /// <summary>Goes to the next one. Returns whether there is one.</summary>
    public bool Next()
    {
        if (++Index >= _postings.Scattered)
        {
            return false;
        }

        if (!_postings.IsUnary)
        {
            Document = ((ushort*)_postings.Docs)[Index];
            return true;
        }

        while (_word == 0)
        {
            // SAFETY: a term's bytes hold as many ones as the window has postings (TermPostings.AreConsistent), and a word may be
            // read beyond them, as 64 bytes follow the last term.
            _word = ((ulong*)_postings.Docs)[_wordsRead++];
        }

        int bit = (64 * (_wordsRead - 1)) + BitOperations.TrailingZeroCount(_word);
        _word &= _word - 1;
        Document = ((bit - Index) * BlockLayout.GroupSize) + _postings.LowBytes[Index];       // a zero ended each group before
        return true;
    }
}
