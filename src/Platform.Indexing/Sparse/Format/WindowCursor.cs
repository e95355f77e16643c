using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>Walks over the counts of a term's windows, and so learns where each window's postings lie.</summary>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct WindowCursor(byte* counts, byte* present, int countsSize)
{
    private byte* _counts = counts;
    private int _offset;

    /// <summary>The counts of a window; to be called for each window in order, from the first on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WindowStart Next(int window)
    {
        if (present != null && ((present[window / 8] >> (window % 8)) & 1) == 0)
        {
            return new() { Offset = _offset };
        }

        byte* bytes = _counts;
        ushort* words = (ushort*)bytes;
        WindowStart start = countsSize switch
        {
            2 => new() { Scattered = words[0] & 31, Dense = (words[0] >> 5) & 15, DensePostings = words[0] >> 9 },
            3 => new() { Scattered = bytes[0], Dense = bytes[1], DensePostings = bytes[2] },
            _ => new() { Scattered = words[0], Dense = words[1], DensePostings = words[2] },
        };
        start.Offset = _offset;
        _counts += countsSize;
        _offset = start.EndOffset;
        return start;
    }

    /// <summary>How many of the first <paramref name="windows"/> bits are set.</summary>
    public static int Count(byte* present, int windows)
    {
        int count = 0;
        for (int i = 0; i < (windows + 7) / 8; i++)
        {
            count += BitOperations.PopCount(present[i]);
        }

        return count;
    }
}
