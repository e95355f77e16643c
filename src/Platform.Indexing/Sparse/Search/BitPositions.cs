using System.Numerics;

namespace Platform.Indexing.Sparse;

/// <summary>Writes the positions of set bits.</summary>
internal static unsafe class BitPositions
{
    /// <summary>Appends <paramref name="first"/> plus each set bit's position.</summary>
    /// <returns>The new count.</returns>
    public static int Write(ulong bits, int first, ushort* into, int count)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            into[count++] = (ushort)(first + BitOperations.TrailingZeroCount(bits));
        }

        return count;
    }
}
