using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Platform.Indexing.Sparse;

/// <summary>Asks the cache for a term's postings of the window to be scanned next.</summary>
/// <remarks>A query reads hundreds of short runs all over the map, too many and too short for the hardware to foresee.</remarks>
internal static unsafe class WindowPrefetch
{
    private const int Line = 64;
    private const int Most = 32;

    /// <summary>Requests the lines that say where a block's postings lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequestDirectory(in QueryTerm term, int window)
    {
        if (Sse.IsSupported)
        {
            // SAFETY: as below.
            byte* from = term.Postings.Data + term.Windows[window].Offset;
            Sse.Prefetch0(from);
            Sse.Prefetch0(from + Line);
        }
    }

    /// <summary>Requests the lines into the second-level cache, as the sums fill the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Request(in QueryTerm term, int window)
    {
        if (Sse.IsSupported)
        {
            // SAFETY: a prefetch is no access; it cannot fault at any address.
            ref readonly WindowStart start = ref term.Windows[window];
            byte* from = term.Postings.Data + start.Offset;
            byte* end = term.Postings.Data + Math.Min(start.EndOffset, start.Offset + (Most * Line));
            for (; from < end; from += Line)
            {
                Sse.Prefetch1(from);
            }
        }
    }
}
