using System.Numerics;
using CsCheck;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Tests.Sparse;

public sealed unsafe class ChosenBlocksTests
{
    [Fact]
    public void Adding_chosen_blocks_is_adding_all_and_keeping_the_chosen() =>
        Gen.Select(Gen.Int[0, BlockLayout.WindowSize - 1].Array[1, 900], Gen.Int[0, 8], Gen.ULong.Array[4], Gen.ULong.Array[4]).Sample(
            (drawn, density, bits, fewer) =>
            {
                // Halved up to eight times, documents crowd into dense blocks: none, a few, or so many that a bitmap tells them.
                int[] docIds = [.. drawn.Select(document => document >> (document % (density + 1))).Distinct().Order()];
                using var segment = SparseSegment.Open(OneTerm(docIds), "one term");
                AssertSame<ushort>(segment, bits, 3);
                AssertSame<int>(segment, [.. bits.Zip(fewer, (a, b) => a & b)], 3000);
            });

    [Fact]
    public void The_largest_sum_of_a_block_is_taken_and_the_block_cleared() =>
        Gen.Int[0, ushort.MaxValue].Array[BlockLayout.BlockSize].Sample(sums =>
        {
            ushort[] narrow = [.. sums.Select(sum => (ushort)sum)];
            int[] wide = [.. sums.Select(sum => sum * 30_000)];
            fixed (ushort* block = narrow)
            fixed (int* wideBlock = wide)
            {
                Assert.Equal(sums.Max(), BlockVectors.TakeLargest(block));
                Assert.Equal(sums.Max() * 30_000, BlockVectors.TakeLargest(wideBlock));
            }

            Assert.All(narrow, sum => Assert.Equal(0, sum));
            Assert.All(wide, sum => Assert.Equal(0, sum));
        });

    private static void AssertSame<TSum>(SparseSegment segment, ulong[] bits, int weight)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        WindowStart start = segment.Postings(0).Windows.Next(0);
        var term = new QueryTerm { Postings = segment.Postings(0), Windows = &start, Weight = weight };
        TSum[] all = new TSum[BlockLayout.WindowSize];
        TSum[] found = new TSum[BlockLayout.WindowSize];
        byte[] marks = new byte[BlockLayout.BlocksPerWindow];
        ulong groups = 0;
        int blocks = 0;
        for (int block = 0; block < marks.Length; block++)
        {
            bool chosen = ((bits[block / 64] >> (block % 64)) & 1) != 0;
            marks[block] = chosen ? (byte)255 : (byte)0;
            groups |= chosen ? 1UL << (block / 4) : 0;
            blocks += chosen ? 1 : 0;
        }

        int added;
        fixed (TSum* allSums = all)
        fixed (TSum* foundSums = found)
        fixed (byte* mark = marks)
        fixed (ulong* words = bits)
        {
            WindowSums.Add(allSums, in term, 0);
            added = WindowSums.AddChosen(foundSums, in term, 0, new ChosenBlocks(mark, words, blocks, groups));
        }

        for (int document = 0; document < all.Length; document++)
        {
            all[document] = marks[document / BlockLayout.BlockSize] != 0 ? all[document] : TSum.Zero;
        }

        Assert.Equal(all, found);
        Assert.Equal(found.Count(sum => sum != TSum.Zero), added);
    }

    private static byte[] OneTerm(int[] docIds)
    {
        using var stream = new MemoryStream();
        var writer = new SparseSegmentWriter(stream, BlockLayout.WindowSize);
        writer.Add(7, docIds, [.. docIds.Select(docId => (byte)(1 + (docId % 255)))]);
        writer.Finish([], new SegmentProperties { Scale = 1 });
        return stream.ToArray();
    }
}
