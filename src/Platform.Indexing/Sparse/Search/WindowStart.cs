using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>Where a term's postings of one window lie, and how many there are of each shape.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct WindowStart
{
    /// <summary>First byte, from the start of the windows' data.</summary>
    public int Offset;

    /// <summary>Dense blocks.</summary>
    public int Dense;

    /// <summary>Scattered postings.</summary>
    public int Scattered;

    /// <summary>Postings of the dense blocks.</summary>
    public int DensePostings;

    /// <summary>Where the next window's postings lie.</summary>
    public readonly int EndOffset => Offset + BlockLayout.BlockIdBytes(Dense) + BlockLayout.SumBytes(Dense) + (8 * Dense) + DensePostings
        + BlockLayout.DocumentBytes(Scattered) + Scattered;

    /// <summary>All postings of the window.</summary>
    public readonly int PostingCount => Scattered + DensePostings;
}
