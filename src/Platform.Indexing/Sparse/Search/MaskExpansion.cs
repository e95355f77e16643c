using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Platform.Indexing.Sparse;

/// <summary>Turns the 64 bits of a dense block's mask into 64 bytes, as vector instructions of .NET take masks.</summary>
internal static class MaskExpansion
{
    private static readonly Vector512<byte> ByteOfLane = Vector512.Create(
        0x0000000000000000UL, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303,
        0x0404040404040404, 0x0505050505050505, 0x0606060606060606, 0x0707070707070707).AsByte();

    private static readonly Vector512<byte> BitOfLane = Vector512.Create(0x8040201008040201UL).AsByte();

    /// <summary>All ones in the bytes whose bit is set, zero in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> ToBytes(ulong mask)
    {
        Vector512<byte> spread = Avx512BW.Shuffle(Vector512.Create(mask).AsByte(), ByteOfLane);
        return Vector512.Equals(spread & BitOfLane, BitOfLane);
    }

    /// <summary>Writes 255 where the bit is set, 0 where not. [64]</summary>
    public static unsafe void Store(ulong mask, byte* into)
    {
        if (Avx512BW.IsSupported)
        {
            ToBytes(mask).Store(into);
            return;
        }

        for (int i = 0; i < 64; i++)
        {
            into[i] = (byte)-(int)((mask >> i) & 1);
        }
    }
}
