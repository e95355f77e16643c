namespace Platform.Training.Masking;

/// <summary>Texts' tokens one after the other, cut into blocks of one length, so that no token of a block is padding.</summary>
/// <remarks>What is left at the end and fills no block is not used. As the reference packs (METHOD 5).</remarks>
internal static class PackedBlocks
{
    /// <summary>Cuts.</summary>
    /// <param name="texts">Token ids of each text, special ones included.</param>
    /// <param name="length">Tokens of a block, 2 or more.</param>
    public static IEnumerable<int[]> Of(IEnumerable<ReadOnlyMemory<int>> texts, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        return Cut();

        IEnumerable<int[]> Cut()
        {
            int[] block = new int[length];
            int used = 0;
            foreach (ReadOnlyMemory<int> text in texts)
            {
                for (ReadOnlyMemory<int> rest = text; rest.Length > 0;)
                {
                    int taken = Math.Min(length - used, rest.Length);
                    rest[..taken].CopyTo(block.AsMemory(used));
                    rest = rest[taken..];
                    used += taken;
                    if (used == length)
                    {
                        yield return block;
                        (block, used) = (new int[length], 0);
                    }
                }
            }
        }
    }
}
