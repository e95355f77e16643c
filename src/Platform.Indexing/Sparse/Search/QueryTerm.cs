using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>A query term and its postings, while one query runs.</summary>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct QueryTerm
{
    /// <summary>The term's postings.</summary>
    public TermPostings Postings;

    /// <summary>Where each window's postings lie. [windows]</summary>
    public WindowStart* Windows;

    /// <summary>The term's number in the segment.</summary>
    public int Ordinal;

    /// <summary>The query's impact of the term: not 0.</summary>
    public int Weight;

    /// <summary>The term's largest impact in the segment.</summary>
    public int MaxImpact;

    /// <summary>Documents that have the term.</summary>
    public int PostingCount;

    /// <summary>Estimated cost of adding all its postings, in units of one scattered posting.</summary>
    public float Cost;

    /// <summary>The term's postings of one window.</summary>
    public readonly WindowPostings In(int window) => new(Postings.Data, in Windows[window]);

    /// <summary>The largest contribution of the term to a score.</summary>
    public readonly int MaxContribution => Weight * MaxImpact;
}
