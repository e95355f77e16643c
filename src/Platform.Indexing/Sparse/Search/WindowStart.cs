using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>Where a term's postings of one window start, in the arrays of <see cref="TermPostings"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct WindowStart
{
    /// <summary>First scattered posting.</summary>
    public int Scattered;

    /// <summary>First dense block.</summary>
    public int Dense;

    /// <summary>First impact of a dense block.</summary>
    public int DenseImpact;
}
