using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Platform.Indexing.Sparse;

/// <summary>Picks the blocks of a window whose bound reaches a score. Bounds of blocks that were picked become 0.</summary>
internal static unsafe class BlockSelection
{
    /// <summary>Words of a bit a block of a window.</summary>
    public const int Words = BlockLayout.BlocksPerWindow / 64;
    private const int BlocksPerGroup = BlockLayout.GroupSize / BlockLayout.BlockSize;

    /// <summary>How many of a window's 256 bounds are at least <paramref name="least"/>, which is at least 1.</summary>
    public static int Count<TSum>(TSum* bounds, long least)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        TSum edge = TSum.CreateSaturating(least);
        if (long.CreateTruncating(edge) < least)
        {
            return 0;                                     // more than a sum can hold
        }

        int count = 0;
        for (int word = 0; word < Words; word++)
        {
            count += BitOperations.PopCount(BlockVectors.AtLeast(bounds + (64 * word), edge));
        }

        return count;
    }

    /// <summary>Marks the blocks whose bound is at least <paramref name="least"/>, if any reaches <paramref name="any"/>.</summary>
    /// <param name="bounds">Bounds; set to 0 where chosen. [256]</param>
    /// <param name="least">What a block's bound must reach, at least 1.</param>
    /// <param name="any">What the window's largest bound must reach.</param>
    /// <param name="marks">Where any is chosen, overwritten: 255 where chosen, else 0. [256]</param>
    /// <param name="bits">Likewise: one bit a block. [4]</param>
    /// <returns>The blocks.</returns>
    public static ChosenBlocks Take<TSum>(TSum* bounds, long least, long any, byte* marks, ulong* bits)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        if (Count(bounds, Math.Max(least, any)) == 0)
        {
            return default;
        }

        int count = 0;
        ulong groups = 0;
        TSum edge = TSum.CreateTruncating(least);
        for (int word = 0; word < Words; word++)
        {
            ulong reached = BlockVectors.AtLeast(bounds + (64 * word), edge);
            Store(reached, marks + (64 * word));
            bits[word] = reached;
            count += BitOperations.PopCount(reached);
            for (; reached != 0; reached &= reached - 1)
            {
                int block = (64 * word) + BitOperations.TrailingZeroCount(reached);
                bounds[block] = TSum.Zero;
                groups |= 1UL << (block / BlocksPerGroup);
            }
        }

        return new ChosenBlocks(marks, bits, count, groups);
    }

    // Writes 255 where the bit is set, 0 where not. [64]
    private static void Store(ulong mask, byte* into)
    {
        if (Avx2.IsSupported)
        {
            Vector256<byte> byteOfLane = Vector256.Create(0UL, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303).AsByte();
            Vector256<byte> bitOfLane = Vector256.Create(0x8040201008040201UL).AsByte();
            for (int half = 0; half < 2; half++)
            {
                Vector256<byte> spread = Avx2.Shuffle(Vector256.Create((uint)(mask >> (32 * half))).AsByte(), byteOfLane);
                Vector256.Equals(spread & bitOfLane, bitOfLane).Store(into + (32 * half));
            }

            return;
        }

        for (int i = 0; i < 64; i++)
        {
            into[i] = (byte)-(int)((mask >> i) & 1);
        }
    }
}
