using CsCheck;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Tests.Sparse;

public sealed unsafe class MaximaCodecTests
{
    [Fact]
    public void A_level_is_never_below_the_maximum_and_is_0_only_for_none() =>
        Gen.Byte.Array[1, 300].Sample(maxima =>
        {
            int[] levels = Decode(maxima);
            for (int i = 0; i < maxima.Length; i++)
            {
                Assert.InRange(levels[i], maxima[i], maxima.Max());
                Assert.Equal(maxima[i] == 0, levels[i] == 0);
            }
        });

    [Fact]
    public void Up_to_15_different_maxima_are_exact() =>
        Gen.Select(Gen.Byte.Array[15], Gen.Int[0, 14].Array[1, 300]).Sample((values, picks) =>
        {
            byte[] maxima = [.. picks.Select(pick => values[pick])];
            Assert.Equal(maxima.Select(max => (int)max), Decode(maxima));
        });

    [Fact]
    public void Levels_leave_no_more_excess_than_even_steps_do()
    {
        byte[] maxima = [.. Enumerable.Range(0, 2000).Select(i => (byte)(1 + (i * i % 251)))];
        int excess = Decode(maxima).Zip(maxima, (level, max) => level - max).Sum();
        int even = maxima.Sum(max => (((max + 16) / 17) * 17) - max);
        Assert.InRange(excess, 0, even);
    }

    // Through the reader of searches, at both widths.
    private static int[] Decode(byte[] maxima)
    {
        byte[] bytes = new byte[MaximaCodec.SizeOf(maxima.Length) + 64];
        MaximaCodec.Encode(maxima, bytes);
        int room = (maxima.Length + 31) / 32 * 32;
        ushort[] narrow = new ushort[room];
        int[] wide = new int[room];
        fixed (byte* from = bytes)
        fixed (ushort* narrowSums = narrow)
        fixed (int* wideSums = wide)
        {
            BlockVectors.AddMaxima(narrowSums, from, maxima.Length, 3);
            BlockVectors.AddMaxima(wideSums, from, maxima.Length, 3000);
        }

        int[] levels = [.. wide.Take(maxima.Length).Select(sum => sum / 3000)];
        Assert.Equal(levels, narrow.Take(maxima.Length).Select(sum => sum / 3));
        return levels;
    }
}
