using System.Numerics;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>The parts of one term's postings, as pointers into the mapped segment. Valid while the segment is open.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct TermPostings
{
    /// <summary>Largest impact in each window, or null where not stored. [windows]</summary>
    public readonly byte* WindowMaxima;

    /// <summary>Largest impact in each block, or null where not stored. [blocks]</summary>
    public readonly byte* BlockMaxima;

    /// <summary>The windows' postings, one window after the other: see <see cref="WindowPostings"/>.</summary>
    public readonly byte* Data;

    // Scattered postings, dense blocks and dense postings of each window. [windows, 3]
    private readonly byte* _counts;
    private readonly int _countsSize;

    /// <summary>Lays the parts over the term's bytes.</summary>
    public TermPostings(byte* start, in TermRecord record, int documentCount)
    {
        int windows = BlockLayout.WindowsOf(documentCount);
        bool blockMaxima = (record.Flags & TermRecord.HasBlockMaxima) != 0;
        bool windowMaxima = (record.Flags & TermRecord.HasWindowMaxima) != 0;
        _countsSize = record.CountsSize;
        _counts = start;
        byte* maxima = start + ((long)windows * _countsSize);
        WindowMaxima = windowMaxima ? maxima : null;
        maxima += windowMaxima ? windows : 0;
        BlockMaxima = blockMaxima ? maxima : null;
        Data = maxima + (blockMaxima ? BlockLayout.BlocksOf(documentCount) : 0);
    }

    /// <summary>Finds where each window's postings lie.</summary>
    /// <param name="starts">Overwritten. [windows]</param>
    /// <param name="windows">Windows of the segment.</param>
    /// <returns>Bytes of all windows.</returns>
    public int LocateWindows(WindowStart* starts, int windows)
    {
        int offset = 0;
        for (int window = 0; window < windows; window++)
        {
            starts[window] = Window(window, offset);
            offset = starts[window].EndOffset;
        }

        return offset;
    }

    /// <summary>The counts of a window whose postings lie at an offset.</summary>
    public WindowStart Window(int window, int offset)
    {
        byte* counts = _counts + ((long)window * _countsSize);
        ushort* words = (ushort*)counts;
        return _countsSize switch
        {
            2 => new() { Offset = offset, Scattered = words[0] & 31, Dense = (words[0] >> 5) & 15, DensePostings = words[0] >> 9 },
            3 => new() { Offset = offset, Scattered = counts[0], Dense = counts[1], DensePostings = counts[2] },
            _ => new() { Offset = offset, Scattered = words[0], Dense = words[1], DensePostings = words[2] },
        };
    }

    /// <summary>
    /// Whether the arrays agree with each other and with the record, so that no cursor built on them leaves the term's bytes or a
    /// window's sums, whoever wrote them.
    /// </summary>
    public bool AreConsistent(byte* start, in TermRecord record, int documentCount)
    {
        int windows = BlockLayout.WindowsOf(documentCount);
        long expected = (Data - start) + (9L * record.DenseBlockCount) + (2L * record.ScatteredCount) + record.PostingCount;
        if (((expected + 7) & ~7L) != record.Length)
        {
            return false;
        }

        (int scattered, int blocks, int postings, int offset) = (0, 0, 0, 0);
        uint docs = 0;
        for (int window = 0; window < windows; window++)
        {
            WindowStart counts = Window(window, offset);
            scattered += counts.Scattered;
            blocks += counts.Dense;
            postings += counts.DensePostings;
            if (blocks > record.DenseBlockCount || scattered > record.ScatteredCount || postings > record.PostingCount)
            {
                return false;
            }

            var arrays = new WindowPostings(Data, counts);
            int bits = 0;
            for (int i = 0; i < counts.Dense; i++)
            {
                bits += BitOperations.PopCount(arrays.Masks[i]);
            }

            for (int i = 0; i < counts.Scattered; i++)
            {
                docs |= arrays.Docs[i];
            }

            if (bits != counts.DensePostings)
            {
                return false;
            }

            offset = counts.EndOffset;
        }

        return scattered == record.ScatteredCount
            && blocks == record.DenseBlockCount
            && postings == record.PostingCount - record.ScatteredCount
            && docs < BlockLayout.WindowSize;
    }
}
