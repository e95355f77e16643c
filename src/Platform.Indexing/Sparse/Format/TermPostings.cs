using System.Numerics;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>The parts of one term's postings, as pointers into the mapped segment. Valid while the segment is open.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct TermPostings
{
    /// <summary>Largest impact in each block, as <see cref="MaximaCodec"/> lays it out, or null where not stored.</summary>
    public readonly byte* BlockMaxima;

    /// <summary>The windows' postings, one window after the other: see <see cref="WindowPostings"/>.</summary>
    public readonly byte* Data;

    // One bit a window, or null where all have counts.
    private readonly byte* _present;

    // Scattered postings, dense blocks and dense postings of each window that has any. [present windows, 3]
    private readonly byte* _counts;
    private readonly int _countsSize;

    /// <summary>Lays the parts over the term's bytes.</summary>
    /// <param name="start">The term's first byte, followed by at least <see cref="LeastLength"/> bytes.</param>
    /// <param name="record">The term's record.</param>
    /// <param name="documentCount">Documents of the segment.</param>
    public TermPostings(byte* start, in TermRecord record, int documentCount)
    {
        int windows = BlockLayout.WindowsOf(documentCount);
        bool blockMaxima = (record.Flags & TermRecord.HasBlockMaxima) != 0;
        bool somePresent = (record.Flags & TermRecord.HasPresentWindows) != 0;
        _countsSize = record.CountsSize;
        _present = somePresent ? start : null;
        _counts = start + (somePresent ? (windows + 7) / 8 : 0);
        byte* maxima = _counts + ((long)(somePresent ? WindowCursor.Count(start, windows) : windows) * _countsSize);
        BlockMaxima = blockMaxima ? maxima : null;
        Data = maxima + (blockMaxima ? MaximaCodec.SizeOf(BlockLayout.BlocksOf(documentCount)) : 0);
    }

    /// <summary>The counts of the windows.</summary>
    public WindowCursor Windows => new(_counts, _present, _countsSize);

    /// <summary>Bytes that must be there before the parts can be laid out.</summary>
    public static long LeastLength(in TermRecord record, int documentCount) =>
        (record.Flags & TermRecord.HasPresentWindows) != 0 ? (BlockLayout.WindowsOf(documentCount) + 7) / 8 : 0;

    /// <summary>Finds where each window's postings lie.</summary>
    /// <param name="starts">Overwritten. [windows]</param>
    /// <param name="windows">Windows of the segment.</param>
    public void LocateWindows(WindowStart* starts, int windows)
    {
        WindowCursor cursor = Windows;
        for (int window = 0; window < windows; window++)
        {
            starts[window] = cursor.Next(window);
        }
    }

    /// <summary>
    /// Whether the arrays agree with each other and with the record, so that no cursor built on them leaves the term's bytes or a
    /// window's sums, whoever wrote them.
    /// </summary>
    public bool AreConsistent(byte* start, in TermRecord record, int documentCount)
    {
        int windows = BlockLayout.WindowsOf(documentCount);
        long length = record.Length - (Data - start);
        if (length < 0)
        {
            return false;
        }

        (long scattered, long blocks, long postings, int end) = (0, 0, 0, 0);
        WindowCursor cursor = Windows;
        for (int window = 0; window < windows; window++)
        {
            WindowStart counts = cursor.Next(window);
            end = counts.EndOffset;
            if (end < counts.Offset || end > length || !IsConsistent(new WindowPostings(Data, counts), counts.DensePostings))
            {
                return false;
            }

            scattered += counts.Scattered;
            blocks += counts.Dense;
            postings += counts.DensePostings;
        }

        return scattered == record.ScatteredCount
            && blocks == record.DenseBlockCount
            && postings == record.PostingCount - record.ScatteredCount
            && ((end + (Data - start) + 7) & ~7L) == record.Length;
    }

    private static bool IsConsistent(in WindowPostings arrays, int densePostings)
    {
        int bits = 0;
        bool sums = true;
        for (int i = 0; i < arrays.Dense; i++)
        {
            bits += BitOperations.PopCount(arrays.Masks[i]);
            sums &= i % BlockLayout.BlocksPerSum != BlockLayout.BlocksPerSum - 1 || arrays.Sums[i / BlockLayout.BlocksPerSum] == bits;
        }

        int blocks = arrays.IsBitmap ? WindowCursor.Count(arrays.BlockIds, BlockLayout.BlocksPerWindow) : arrays.Dense;
        return bits == densePostings && sums && blocks == arrays.Dense && (arrays.IsUnary ? IsUnaryConsistent(arrays.Docs, arrays.Scattered) : AreInWindow(arrays));
    }

    private static bool AreInWindow(in WindowPostings arrays)
    {
        uint docs = 0;
        for (int i = 0; i < arrays.Scattered; i++)
        {
            docs |= ((ushort*)arrays.Docs)[i];
        }

        return docs < BlockLayout.WindowSize;
    }

    // A one a posting, and the last zero behind the last one: so no posting has a group beyond the window's.
    private static bool IsUnaryConsistent(byte* unary, int scattered)
    {
        int bytes = BlockLayout.UnaryBytes(scattered);
        int ones = 0;
        int last = -1;
        for (int i = 0; i < bytes; i++)
        {
            ones += BitOperations.PopCount(unary[i]);
            last = unary[i] == 0 ? last : (8 * i) + BitOperations.Log2(unary[i]);
        }

        return ones == scattered && last < scattered + BlockLayout.GroupsPerWindow - 1;
    }
}
