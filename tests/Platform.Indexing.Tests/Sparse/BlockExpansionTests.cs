using System.Numerics;
using CsCheck;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Tests.Sparse;

public sealed unsafe class BlockExpansionTests
{
    [Fact]
    public void A_block_added_with_vectors_is_the_block_added_bit_by_bit() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Byte.Array[128], Gen.Int[1, 250]).Sample((mask, other, impacts, weight) =>
        {
            foreach (ulong tried in (ulong[])[mask, mask & other, mask | other, 0, ulong.MaxValue, 1UL << (weight % 64)])
            {
                AssertSame<ushort>(tried, impacts, weight);
                AssertSame<int>(tried, impacts, 1000 * weight);
            }
        });

    private static void AssertSame<TSum>(ulong mask, byte[] impacts, int weight)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        TSum[] found = new TSum[BlockLayout.BlockSize];
        TSum[] expected = new TSum[BlockLayout.BlockSize];
        Array.Fill(found, TSum.One);
        Array.Fill(expected, TSum.One);
        fixed (byte* from = impacts)
        fixed (TSum* fast = found)
        fixed (TSum* slow = expected)
        {
            BlockExpansion.Add(fast, mask, from, weight);
            BlockExpansion.AddScalar(slow, mask, from, weight);
        }

        Assert.Equal(expected, found);
    }
}
