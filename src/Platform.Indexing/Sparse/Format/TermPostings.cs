using System.Numerics;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>The parts of one term's postings, as pointers into the mapped segment. Valid while the segment is open.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct TermPostings
{
    /// <summary>Largest impact in each window. [windows]</summary>
    public readonly byte* WindowMaxima;

    /// <summary>Largest impact in each block, or null where not stored. [blocks]</summary>
    public readonly byte* BlockMaxima;

    /// <summary>The windows' postings, one window after the other: see <see cref="WindowPostings"/>.</summary>
    public readonly byte* Data;

    // Three columns: scattered postings, dense blocks, dense postings of each window. [3, windows]
    private readonly byte* _counts;
    private readonly bool _wide;

    /// <summary>Lays the parts over the term's bytes.</summary>
    public TermPostings(byte* start, in TermRecord record, int documentCount)
    {
        int windows = BlockLayout.WindowsOf(documentCount);
        bool blockMaxima = (record.Flags & TermRecord.HasBlockMaxima) != 0;
        _wide = (record.Flags & TermRecord.HasWideCounts) != 0;
        _counts = start;
        WindowMaxima = start + (3L * windows * (_wide ? 2 : 1));
        byte* maxima = WindowMaxima + windows;
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
            starts[window] = Window(window, windows, offset);
            offset = starts[window].EndOffset;
        }

        return offset;
    }

    /// <summary>The counts of a window whose postings lie at an offset.</summary>
    public WindowStart Window(int window, int windows, int offset) => new()
    {
        Offset = offset,
        Scattered = Count(window),
        Dense = Count(windows + window),
        DensePostings = Count((2 * windows) + window),
    };

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
            WindowStart counts = Window(window, windows, offset);
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

    private int Count(int index) => _wide ? ((ushort*)_counts)[index] : _counts[index];
}
