using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>One row of the part "records": where a term's postings lie and how they are laid out. 32 bytes, little-endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = Size)]
internal struct TermRecord
{
    /// <summary>Bytes of one record.</summary>
    public const int Size = 32;

    /// <summary>Flag: the maxima of all blocks are stored.</summary>
    public const byte HasBlockMaxima = 1;

    /// <summary>Flag: the three counts of a window are 16-bit each; else 8-bit each, or packed.</summary>
    public const byte HasWideCounts = 2;

    /// <summary>Flag: the three counts of a window are packed into 16 bits: 5 scattered, 4 dense blocks, 7 dense postings.</summary>
    public const byte HasPackedCounts = 4;

    /// <summary>Flag: a bit a window says which have postings, and only these have counts.</summary>
    public const byte HasPresentWindows = 8;

    /// <summary>First byte of the term's postings, from the start of the part; a multiple of 8.</summary>
    public long Offset;

    /// <summary>Bytes of the term's postings, padding included; a multiple of 8.</summary>
    public uint Length;

    /// <summary>Documents that have the term.</summary>
    public int PostingCount;

    /// <summary>Postings stored one by one.</summary>
    public int ScatteredCount;

    /// <summary>Blocks stored as a mask and impacts.</summary>
    public int DenseBlockCount;

    /// <summary>The low 32 bits of the XXH3 of the term's postings.</summary>
    public uint Checksum;

    /// <summary>The term's largest impact.</summary>
    public byte MaxImpact;

    /// <summary>A sum of the flags above.</summary>
    public byte Flags;

    /// <summary>Zero.</summary>
    public ushort Reserved;

    /// <summary>Bytes of the counts of one window that has any.</summary>
    public readonly int CountsSize => (Flags & HasWideCounts) != 0 ? 6 : (Flags & HasPackedCounts) != 0 ? 2 : 3;
}
