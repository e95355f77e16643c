using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Platform.Indexing.Sparse;

/// <summary>Finds which of 64 scattered postings lie in chosen blocks.</summary>
internal static unsafe class ChosenPostings
{
    /// <summary>Postings looked at together.</summary>
    public const int Lanes = 64;

    /// <summary>Whether <see cref="Among"/> may be called.</summary>
    public static bool IsSupported => Avx512Vbmi.IsSupported;

    /// <summary>One bit a posting, set where its block is chosen.</summary>
    /// <param name="docs">64 documents, readable even where they are not the window's.</param>
    /// <param name="chosen">The window's chosen blocks: 255 or 0. [256]</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Among(ushort* docs, byte* chosen)
    {
        Vector256<byte> low = Avx512BW.ConvertToVector256Byte(Vector512.Load(docs) >>> 6);
        Vector256<byte> high = Avx512BW.ConvertToVector256Byte(Vector512.Load(docs + 32) >>> 6);
        Vector512<byte> blocks = Vector512.Create(low, high);
        Vector512<byte> first = Avx512Vbmi.PermuteVar64x8x2(Vector512.Load(chosen), blocks, Vector512.Load(chosen + 64));
        Vector512<byte> second = Avx512Vbmi.PermuteVar64x8x2(Vector512.Load(chosen + 128), blocks, Vector512.Load(chosen + 192));
        ulong inSecond = blocks.ExtractMostSignificantBits();
        return (first.ExtractMostSignificantBits() & ~inSecond) | (second.ExtractMostSignificantBits() & inSecond);
    }
}
