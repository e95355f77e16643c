using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Platform.Indexing.Sparse;

/// <summary>Adds dense blocks: impacts packed beside a mask of 64 documents are spread to the documents they belong to.</summary>
/// <remarks>
/// With AVX-512 VBMI2 one instruction spreads a block. With AVX2 16 documents at a time are shuffled, by a table over the 8 bits of
/// a mask: twice as fast as bit by bit on Zen 3 (<c>SparseKernels</c>), whatever the block holds. The scalar loop is the twin.
/// </remarks>
internal static unsafe class BlockExpansion
{
    // For each byte of a mask where its eight lanes find their impacts; 0x80 gives a lane 0.
    private static readonly ulong* Places = MakePlaces();

    private static readonly Vector512<byte> ByteOfLane = Vector512.Create(
        0x0000000000000000UL, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303,
        0x0404040404040404, 0x0505050505050505, 0x0606060606060606, 0x0707070707070707).AsByte();

    private static readonly Vector512<byte> BitOfLane = Vector512.Create(0x8040201008040201UL).AsByte();

    /// <summary>Adds all dense blocks of a window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddAll<TSum>(TSum* sums, in WindowPostings postings, int weight)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        byte* impacts = postings.DenseImpacts;
        ulong* masks = postings.Masks;
        if (!postings.IsBitmap)
        {
            byte* blockIds = postings.BlockIds;
            for (int i = 0; i < postings.Dense; i++)
            {
                ulong mask = masks[i];
                Add(sums + (blockIds[i] * BlockLayout.BlockSize), mask, impacts, weight);
                impacts += BitOperations.PopCount(mask);
            }

            return;
        }

        ulong* words = (ulong*)postings.BlockIds;
        for (int word = 0; word < BlockLayout.BlocksPerWindow / 64; word++, sums += 64 * BlockLayout.BlockSize)
        {
            for (ulong blocks = words[word]; blocks != 0; blocks &= blocks - 1)
            {
                ulong mask = *masks++;
                Add(sums + (BitOperations.TrailingZeroCount(blocks) * BlockLayout.BlockSize), mask, impacts, weight);
                impacts += BitOperations.PopCount(mask);
            }
        }
    }

    /// <summary>Adds one block.</summary>
    /// <param name="block">Its sums. [64]</param>
    /// <param name="mask">Which documents have impacts.</param>
    /// <param name="impacts">As many as the mask has bits, followed by at least 64 readable bytes.</param>
    /// <param name="weight">The factor of the impacts.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TSum>(TSum* block, ulong mask, byte* impacts, int weight)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        if (Avx512Vbmi2.IsSupported)
        {
            Vector512<byte> spread = Avx512BW.Shuffle(Vector512.Create(mask).AsByte(), ByteOfLane);
            Vector512<byte> lanes = Vector512.Equals(spread & BitOfLane, BitOfLane);
            Vector512<byte> expanded = Avx512Vbmi2.Expand(Vector512<byte>.Zero, lanes, Vector512.Load(impacts));
            BlockVectors.Add16(block, expanded.GetLower().GetLower(), weight);
            BlockVectors.Add16(block + 16, expanded.GetLower().GetUpper(), weight);
            BlockVectors.Add16(block + 32, expanded.GetUpper().GetLower(), weight);
            BlockVectors.Add16(block + 48, expanded.GetUpper().GetUpper(), weight);
        }
        else if (Avx2.IsSupported)
        {
            BlockVectors.Add16(block, Expand((uint)mask, impacts), weight);
            BlockVectors.Add16(block + 16, Expand((uint)(mask >> 16), impacts + BitOperations.PopCount(mask & 0xFFFF)), weight);
            BlockVectors.Add16(block + 32, Expand((uint)(mask >> 32), impacts + BitOperations.PopCount(mask & 0xFFFF_FFFF)), weight);
            BlockVectors.Add16(block + 48, Expand((uint)(mask >> 48), impacts + BitOperations.PopCount(mask & 0xFFFF_FFFF_FFFF)), weight);
        }
        else
        {
            AddScalar(block, mask, impacts, weight);
        }
    }

    /// <summary>The twin of <see cref="Add"/> without vectors.</summary>
    public static void AddScalar<TSum>(TSum* block, ulong mask, byte* impacts, int weight)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        for (; mask != 0; mask &= mask - 1)
        {
            WindowSums.Add(block + BitOperations.TrailingZeroCount(mask), *impacts++ * weight);
        }
    }

    // The impacts of 16 documents, by the low 16 bits of the mask.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Expand(uint mask, byte* impacts)
    {
        // No lane of the upper half carries into the next: 0x80 + 8 and 7 + 8 stay below 256.
        ulong before = 0x0101010101010101UL * (uint)BitOperations.PopCount(mask & 0xFF);
        var places = Vector128.Create(Places[mask & 0xFF], Places[(mask >> 8) & 0xFF] + before);
        return Ssse3.Shuffle(Vector128.Load(impacts), places.AsByte());
    }

    private static ulong* MakePlaces()
    {
        // SAFETY: never freed, as its readers run until the process ends; aligned, so that no entry crosses a cache line.
        ulong* places = (ulong*)NativeMemory.AlignedAlloc(256 * sizeof(ulong), 64);
        for (int mask = 0; mask < 256; mask++)
        {
            ulong entry = 0;
            for (int lane = 0, place = 0; lane < 8; lane++)
            {
                bool has = ((mask >> lane) & 1) != 0;
                entry |= (has ? (ulong)place++ : 0x80UL) << (8 * lane);
            }

            places[mask] = entry;
        }

        return places;
    }
}
