using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Platform.Indexing.Sparse;

/// <summary>Adds the scattered postings of chosen blocks without reading the others: their groups are found in the unary counts.</summary>
/// <remarks>A group ends at a zero, so the place of the k-th zero less k is the number of postings up to there: rank and select.</remarks>
internal static unsafe class ChosenGroups
{
    /// <summary>What finding one group costs, in postings read one by one.</summary>
    public const int CostOfOne = 6;

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
        int added = 0;
        var zeros = new Zeros(postings.Docs);
        for (ulong groups = chosen.Groups; groups != 0; groups &= groups - 1)
        {
            int group = BitOperations.TrailingZeroCount(groups);
            int first = group == 0 ? 0 : zeros.Select(group - 1) - (group - 1);
            int end = zeros.Select(group) - group;
            byte* marks = chosen.Marks + (group * (BlockLayout.GroupSize / BlockLayout.BlockSize));
            TSum* from = sums + (group * BlockLayout.GroupSize);
            for (int i = first; i < end; i++)
            {
                int low = postings.LowBytes[i];
                if (marks[low / BlockLayout.BlockSize] != 0)
                {
                    WindowSums.Add(from + low, postings.ScatteredImpacts[i] * weight);
                    added++;
                }
            }
        }

        return added;
    }

    /// <summary>Finds zeros, each no earlier than the one before.</summary>
    private ref struct Zeros(byte* unary)
    {
        private ulong* _word = (ulong*)unary;
        private int _zerosBefore, _bitsBefore;

        /// <summary>The place of the zero that <paramref name="rank"/> zeros precede.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Select(int rank)
        {
            // SAFETY: 64 zeros precede the end of the unary counts (TermPostings.AreConsistent), and ranks are below 64.
            ulong inverted = ~*_word;
            int count = BitOperations.PopCount(inverted);
            while (_zerosBefore + count <= rank)
            {
                _zerosBefore += count;
                _bitsBefore += 64;
                inverted = ~*++_word;
                count = BitOperations.PopCount(inverted);
            }

            ulong bit = Bmi2.X64.ParallelBitDeposit(1UL << (rank - _zerosBefore), inverted);
            return _bitsBefore + BitOperations.TrailingZeroCount(bit);
        }
    }
}
