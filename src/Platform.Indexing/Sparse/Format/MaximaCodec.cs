using System.Runtime.Intrinsics;

namespace Platform.Indexing.Sparse;

/// <summary>The maxima of a term's blocks in 4 bits each: numbers of 16 levels, each the least level that is not below the maximum.</summary>
/// <remarks>Levels are chosen a term, so that what all its blocks lie below their levels is as little as 16 levels allow.</remarks>
internal static class MaximaCodec
{
    /// <summary>Levels of a term, ascending; the first is 0, for blocks without the term.</summary>
    public const int Levels = 16;

    /// <summary>Blocks of one vector of numbers: a block in the low half of a byte, the 32nd after it in the high half.</summary>
    public const int GroupBlocks = 64;

    /// <summary>Bytes of the levels and of the numbers of <paramref name="blocks"/> blocks.</summary>
    public static int SizeOf(int blocks) => Levels + ((blocks + GroupBlocks - 1) / GroupBlocks * Vector256<byte>.Count);

    /// <summary>Encodes.</summary>
    /// <param name="maxima">Maxima of the blocks, 0 for none. [blocks]</param>
    /// <param name="into">Overwritten. [<see cref="SizeOf"/>]</param>
    public static void Encode(ReadOnlySpan<byte> maxima, Span<byte> into)
    {
        Span<byte> levels = into[..Levels];
        ChooseLevels(maxima, levels);
        Span<byte> numberOf = stackalloc byte[256];
        for (int value = 0, number = 0; value < numberOf.Length; value++)
        {
            while (number < Levels - 1 && value > levels[number])
            {
                number++;
            }

            numberOf[value] = (byte)number;
        }

        Span<byte> numbers = into[Levels..SizeOf(maxima.Length)];
        numbers.Clear();
        for (int block = 0; block < maxima.Length; block++)
        {
            int place = (block / GroupBlocks * Vector256<byte>.Count) + (block % Vector256<byte>.Count);
            numbers[place] |= (byte)(numberOf[maxima[block]] << (block % GroupBlocks / Vector256<byte>.Count * 4));
        }
    }

    // Dynamic programming over the values: excess[v] is the least excess of all blocks up to v where v is the last level so far.
    private static void ChooseLevels(ReadOnlySpan<byte> maxima, Span<byte> levels)
    {
        Span<long> count = stackalloc long[257];          // blocks with a maximum of 1 to v - 1
        Span<long> sum = stackalloc long[257];            // their maxima added up
        int largest = 1;
        foreach (byte max in maxima)
        {
            count[max + 1] += max > 0 ? 1 : 0;
            sum[max + 1] += max;
            largest = Math.Max(largest, max);
        }

        for (int value = 1; value <= 256; value++)
        {
            count[value] += count[value - 1];
            sum[value] += sum[value - 1];
        }

        const int Steps = Levels - 1;
        Span<long> excess = stackalloc long[256];
        byte[] before = new byte[Steps * 256];
        for (int value = 0; value <= largest; value++)
        {
            excess[value] = (value * count[value + 1]) - sum[value + 1];
        }

        for (int step = 1; step < Steps; step++)
        {
            for (int value = largest; value > 0; value--)
            {
                for (int last = value - 1; last > 0; last--)
                {
                    long here = excess[last] + (value * (count[value + 1] - count[last + 1])) - (sum[value + 1] - sum[last + 1]);
                    if (here < excess[value])
                    {
                        excess[value] = here;
                        before[(step * 256) + value] = (byte)last;
                    }
                }
            }
        }

        levels.Fill((byte)largest);
        levels[0] = 0;
        byte level = (byte)largest;
        for (int step = Steps - 1; step > 0; step--)
        {
            byte last = before[(step * 256) + level];
            level = last == 0 ? level : last;
            levels[step] = level;
        }
    }
}
