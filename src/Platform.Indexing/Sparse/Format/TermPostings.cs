using System.Numerics;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>The arrays of one term's postings, as pointers into the mapped segment.</summary>
/// <remarks>
/// Valid while the segment is open. Arrays of dense blocks and of scattered postings run over all windows in order; the counts of
/// a window say how many of each belong to it.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct TermPostings
{
    /// <summary>Which documents of each dense block have the term, one bit a document. [dense blocks]</summary>
    public readonly ulong* Masks;

    /// <summary>Documents of the scattered postings, from the start of their window. [scattered]</summary>
    public readonly ushort* Docs;

    /// <summary>Largest impact in each window. [windows]</summary>
    public readonly byte* WindowMaxima;

    /// <summary>Counts of each window, three columns one after the other: scattered, dense blocks, dense postings. [3, windows]</summary>
    public readonly byte* Counts;

    /// <summary>Largest impact in each block, or null where not stored. [blocks]</summary>
    public readonly byte* BlockMaxima;

    /// <summary>The number of each dense block in its window. [dense blocks]</summary>
    public readonly byte* BlockIds;

    /// <summary>Impacts of the dense blocks, in order of documents. [dense postings]</summary>
    public readonly byte* DenseImpacts;

    /// <summary>Impacts of the scattered postings. [scattered]</summary>
    public readonly byte* ScatteredImpacts;

    private readonly byte* _end;

    /// <summary>Lays the arrays over the term's bytes.</summary>
    public TermPostings(byte* start, in TermRecord record, int documentCount)
    {
        int windows = BlockLayout.WindowsOf(documentCount);
        int countSize = (record.Flags & TermRecord.HasWideCounts) != 0 ? 2 : 1;
        bool blockMaxima = (record.Flags & TermRecord.HasBlockMaxima) != 0;
        Masks = (ulong*)start;
        Docs = (ushort*)(Masks + record.DenseBlockCount);
        Counts = (byte*)(Docs + record.ScatteredCount);
        WindowMaxima = Counts + (3L * windows * countSize);
        byte* maxima = WindowMaxima + windows;
        BlockMaxima = blockMaxima ? maxima : null;
        BlockIds = maxima + (blockMaxima ? BlockLayout.BlocksOf(documentCount) : 0);
        DenseImpacts = BlockIds + record.DenseBlockCount;
        ScatteredImpacts = DenseImpacts + (record.PostingCount - record.ScatteredCount);
        _end = ScatteredImpacts + record.ScatteredCount;
    }

    /// <summary>Reads one count of a window.</summary>
    /// <param name="column">0 scattered postings, 1 dense blocks, 2 dense postings.</param>
    /// <param name="window">Which window.</param>
    /// <param name="windows">How many windows the segment has.</param>
    /// <param name="wide">Whether counts are 16-bit.</param>
    public int Count(int column, int window, int windows, bool wide)
    {
        int index = (column * windows) + window;
        return wide ? ((ushort*)Counts)[index] : Counts[index];
    }

    /// <summary>
    /// Whether the arrays agree with each other and with the record, so that no cursor built on them leaves the term's bytes or a
    /// window's sums, whoever wrote them.
    /// </summary>
    public bool AreConsistent(byte* start, in TermRecord record, int documentCount)
    {
        int windows = BlockLayout.WindowsOf(documentCount);
        bool wide = (record.Flags & TermRecord.HasWideCounts) != 0;
        if ((((_end - start) + 7) & ~7L) != record.Length)
        {
            return false;
        }

        int scattered = 0;
        int blocks = 0;
        int postings = 0;
        for (int window = 0; window < windows; window++)
        {
            int windowBlocks = Count(1, window, windows, wide);
            int windowPostings = Count(2, window, windows, wide);
            scattered += Count(0, window, windows, wide);
            if (windowBlocks > record.DenseBlockCount - blocks || scattered > record.ScatteredCount)
            {
                return false;
            }

            for (int i = 0; i < windowBlocks; i++)
            {
                windowPostings -= BitOperations.PopCount(Masks[blocks + i]);
            }

            if (windowPostings != 0)
            {
                return false;
            }

            blocks += windowBlocks;
            postings += Count(2, window, windows, wide);
        }

        uint docs = 0;
        for (int i = 0; i < record.ScatteredCount; i++)
        {
            docs |= Docs[i];
        }

        return scattered == record.ScatteredCount
            && blocks == record.DenseBlockCount
            && postings == record.PostingCount - record.ScatteredCount
            && docs < BlockLayout.WindowSize;
    }
}
