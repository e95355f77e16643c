using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>The arrays of one term's postings in one window: neighbours in memory, so that a window costs one or two pages.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct WindowPostings
{
    /// <summary>Which documents of each dense block have the term, one bit a document. [dense blocks]</summary>
    public readonly ulong* Masks;

    /// <summary>
    /// Scattered documents. Not unary: u16 from the start of the window, ascending. Unary: for each group of 256 documents a one a
    /// posting, then a zero, lowest bit first.
    /// </summary>
    public readonly byte* Docs;

    /// <summary>Where unary, the low byte of each scattered document, ascending inside a group. [scattered]</summary>
    public readonly byte* LowBytes;

    /// <summary>Impacts of the dense blocks, in order of documents. [dense postings]</summary>
    public readonly byte* DenseImpacts;

    /// <summary>Impacts of the scattered postings. [scattered]</summary>
    public readonly byte* ScatteredImpacts;

    /// <summary>The number of each dense block in the window, ascending. [dense blocks]</summary>
    public readonly byte* BlockIds;

    /// <summary>Dense blocks.</summary>
    public readonly int Dense;

    /// <summary>Scattered postings.</summary>
    public readonly int Scattered;

    /// <summary>Lays the arrays over a window's bytes.</summary>
    public WindowPostings(byte* data, in WindowStart start)
    {
        Dense = start.Dense;
        Scattered = start.Scattered;
        Masks = (ulong*)(data + start.Offset);
        Docs = (byte*)(Masks + start.Dense);
        DenseImpacts = Docs + BlockLayout.DocumentBytes(start.Scattered);
        LowBytes = DenseImpacts - start.Scattered;
        ScatteredImpacts = DenseImpacts + start.DensePostings;
        BlockIds = ScatteredImpacts + start.Scattered;
    }

    /// <summary>Whether the scattered documents are low bytes in groups counted in unary.</summary>
    public bool IsUnary => Scattered >= BlockLayout.UnaryFrom;
}
