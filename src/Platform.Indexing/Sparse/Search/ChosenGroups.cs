using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace Platform.Indexing.Sparse;

/// <summary>Adds the scattered postings of chosen blocks without reading the others: their groups are found in the unary counts.</summary>
/// <remarks>
/// A zero ends a group, so depositing the chosen groups into the zeros of a word gives the ends of their runs of ones, depositing
/// them one lower the zeros before their beginnings, and the difference of the two the runs: a select of all at once.
/// </remarks>
internal static unsafe class ChosenGroups
{
    /// <summary>Whether <see cref="Add"/> may be called.</summary>
    public static bool IsSupported => Bmi2.X64.IsSupported;

    /// <summary>Adds the postings of one window. Returns how many.</summary>
    /// <param name="sums">Sums of the window's documents. [16384]</param>
    /// <param name="postings">The term's, counted in unary.</param>
    /// <param name="weight">The query's impact of the term.</param>
    /// <param name="chosen">The blocks.</param>
    public static int Add<TSum>(TSum* sums, in WindowPostings postings, int weight, ChosenBlocks chosen)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        ulong* words = (ulong*)postings.Docs;
        byte* low = postings.LowBytes;
        byte* impacts = postings.ScatteredImpacts;
        ulong groups = chosen.Groups;                     // bit 0: the group in which the word begins
        int firstBit = 0;
        int ones = 0;
        int added = 0;
        while (true)
        {
            // SAFETY: 64 zeros precede the end of the unary counts (TermPostings.AreConsistent): no group is left behind it.
            ulong word = *words++;
            ulong ends = Bmi2.X64.ParallelBitDeposit(groups, ~word);
            ulong starts = (Bmi2.X64.ParallelBitDeposit(groups >> 1, ~word) << 1) | (groups & 1);
            for (ulong runs = ends - starts; runs != 0; runs &= runs - 1)
            {
                int bit = BitOperations.TrailingZeroCount(runs);
                int i = ones + BitOperations.PopCount(Bmi2.X64.ZeroHighBits(word, (ulong)bit));
                int document = ((firstBit + bit - i) * BlockLayout.GroupSize) + low[i];
                int mark = (sbyte)chosen.Marks[document / BlockLayout.BlockSize];
                WindowSums.Add(sums + document, (impacts[i] * weight) & mark);
                added -= mark;
            }

            int zeros = BitOperations.PopCount(~word);
            groups = zeros == 64 ? 0 : groups >> zeros;
            if (groups == 0)
            {
                return added;
            }

            ones += 64 - zeros;
            firstBit += 64;
        }
    }
}
