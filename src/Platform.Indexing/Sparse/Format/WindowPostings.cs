using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>The arrays of one term's postings in one window: neighbours in memory, so that a window costs one or two pages.</summary>
/// <remarks>First what says where a block's postings lie, then the postings.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct WindowPostings
{
    /// <summary>
    /// Which blocks are dense. Few: the number of each in the window, ascending, a byte each. Else <see cref="IsBitmap"/>: a bit a
    /// block, four words.
    /// </summary>
    public readonly byte* BlockIds;

    /// <summary>Of every eighth dense block, how many postings it and the dense blocks before it have. [dense blocks / 8]</summary>
    public readonly ushort* Sums;

    /// <summary>
    /// Scattered documents. Not unary: u16 from the start of the window, ascending. Unary: for each group of 256 documents a one a
    /// posting, then a zero, lowest bit first.
    /// </summary>
    public readonly byte* Docs;

    /// <summary>Where unary, the low byte of each scattered document, ascending inside a group. [scattered]</summary>
    public readonly byte* LowBytes;

    /// <summary>Which documents of each dense block have the term, one bit a document. [dense blocks]</summary>
    public readonly ulong* Masks;

    /// <summary>Impacts of the dense blocks, in order of documents. [dense postings]</summary>
    public readonly byte* DenseImpacts;

    /// <summary>Impacts of the scattered postings. [scattered]</summary>
    public readonly byte* ScatteredImpacts;

    /// <summary>Dense blocks.</summary>
    public readonly int Dense;

    /// <summary>Scattered postings.</summary>
    public readonly int Scattered;

    /// <summary>Lays the arrays over a window's bytes.</summary>
    public WindowPostings(byte* data, in WindowStart start)
    {
        Dense = start.Dense;
        Scattered = start.Scattered;
        BlockIds = data + start.Offset;
        Sums = (ushort*)(BlockIds + BlockLayout.BlockIdBytes(start.Dense));
        Docs = (byte*)Sums + BlockLayout.SumBytes(start.Dense);
        Masks = (ulong*)(Docs + BlockLayout.DocumentBytes(start.Scattered));
        LowBytes = (byte*)Masks - start.Scattered;
        DenseImpacts = (byte*)(Masks + start.Dense);
        ScatteredImpacts = DenseImpacts + start.DensePostings;
    }

    /// <summary>Whether the dense blocks are told by a bit a block.</summary>
    public bool IsBitmap => Dense >= BlockLayout.BitmapFrom;

    /// <summary>Whether the scattered documents are low bytes in groups counted in unary.</summary>
    public bool IsUnary => Scattered >= BlockLayout.UnaryFrom;
}
