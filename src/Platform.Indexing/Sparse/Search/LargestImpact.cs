using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Platform.Indexing.Sparse;

/// <summary>Largest impacts of blocks whose maxima are not stored.</summary>
internal static unsafe class LargestImpact
{
    /// <summary>Scattered postings that <see cref="OfRuns"/> takes at once.</summary>
    public const int Lanes = 32;

    private static readonly Vector512<byte> LaneNumbers = Vector512<byte>.Indices;

    /// <summary>The largest of a dense block's impacts.</summary>
    /// <param name="impacts">Followed by at least 64 readable bytes.</param>
    /// <param name="count">1 to 64.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(byte* impacts, int count)
    {
        Vector512<byte> valid = Vector512.LessThan(LaneNumbers, Vector512.Create((byte)count));
        Vector512<byte> all = Vector512.Load(impacts) & valid;
        Vector256<byte> half = Vector256.Max(all.GetLower(), all.GetUpper());
        Vector128<byte> quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        Vector128<ushort> words = Vector128.Max(quarter, (quarter.AsUInt16() >>> 8).AsByte()).AsUInt16() & Vector128.Create((ushort)0xFF);
        words = Vector128.Max(words, (words.AsUInt64() >>> 32).AsUInt16());
        words = Vector128.Max(words, (words.AsUInt64() >>> 16).AsUInt16());
        return Math.Max(words.GetElement(0), words.GetElement(4));
    }

    /// <summary>Of 32 scattered postings, the largest impact of each block at its first posting, 0 at the others.</summary>
    /// <param name="docs">Followed by at least four more of the same window.</param>
    /// <param name="impacts">One a document.</param>
    /// <param name="hasBefore">Whether <c>docs[-1]</c> is of the same window.</param>
    /// <param name="largest">Overwritten. [32]</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OfRuns(ushort* docs, byte* impacts, bool hasBefore, byte* largest)
    {
        Vector512<ushort> blocks = Vector512.Load(docs) >>> 6;
        Vector512<ushort> max = Impacts(impacts);
        max = Vector512.Max(max, Impacts(impacts + 1) & Vector512.Equals(Vector512.Load(docs + 1) >>> 6, blocks));
        max = Vector512.Max(max, Impacts(impacts + 2) & Vector512.Equals(Vector512.Load(docs + 2) >>> 6, blocks));
        max = Vector512.Max(max, Impacts(impacts + 3) & Vector512.Equals(Vector512.Load(docs + 3) >>> 6, blocks));
        Vector512<ushort> repeated = Vector512.Equals(Vector512.Load(docs - 1) >>> 6, blocks);
        repeated = hasBefore ? repeated : repeated.WithElement(0, (ushort)0);
        max = Vector512.AndNot(max, repeated);
        Vector256.Narrow(max.GetLower(), max.GetUpper()).Store(largest);
    }

    private static Vector512<ushort> Impacts(byte* impacts)
    {
        (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(Vector256.Load(impacts));
        return Vector512.Create(low, high);
    }
}
