using System.Numerics;

namespace Platform.Indexing.Sparse;

/// <summary>Picks the blocks of a window whose bound reaches a score. Bounds of blocks that were picked become 0.</summary>
internal static unsafe class ChosenBlocks
{
    private const int Words = BlockLayout.BlocksPerWindow / 64;

    /// <summary>How many of a window's 256 bounds are at least <paramref name="least"/>, which is at least 1.</summary>
    public static int Count<TSum, TSums>(TSum* bounds, long least)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        int count = 0;
        TSum edge = TSums.Clamp(least);
        for (int word = 0; word < Words; word++)
        {
            count += BitOperations.PopCount(TSums.AtLeast(bounds + (64 * word), edge));
        }

        return count;
    }

    /// <summary>Marks the blocks whose bound is at least <paramref name="least"/>, if any reaches <paramref name="any"/>.</summary>
    /// <param name="bounds">Bounds; set to 0 where chosen. [256]</param>
    /// <param name="least">What a block's bound must reach, at least 1.</param>
    /// <param name="any">What the window's largest bound must reach.</param>
    /// <param name="chosen">Overwritten: 255 where chosen, else 0. [256]</param>
    /// <returns>How many are chosen.</returns>
    public static int Take<TSum, TSums>(TSum* bounds, long least, long any, byte* chosen)
        where TSum : unmanaged
        where TSums : IWindowSums<TSum>
    {
        if (least > TSums.Largest || Count<TSum, TSums>(bounds, Math.Max(least, any)) == 0)
        {
            return 0;
        }

        int count = 0;
        TSum edge = TSums.Clamp(least);
        for (int word = 0; word < Words; word++)
        {
            ulong reached = TSums.AtLeast(bounds + (64 * word), edge);
            MaskExpansion.Store(reached, chosen + (64 * word));
            count += BitOperations.PopCount(reached);
            for (; reached != 0; reached &= reached - 1)
            {
                bounds[(64 * word) + BitOperations.TrailingZeroCount(reached)] = default;
            }
        }

        return count;
    }
}
