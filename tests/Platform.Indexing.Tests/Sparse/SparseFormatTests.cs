using System.Globalization;
using Platform.Indexing.Sparse;

namespace Platform.Indexing.Tests.Sparse;

public sealed class SparseFormatTests
{
    [Fact]
    public void A_flipped_bit_is_refused_or_harmless()
    {
        (byte[] bytes, Func<byte[], bool> answersRight) = Small();
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            refused += RefusedOrHarmless(damaged, answersRight);
        }

        Assert.InRange(refused, 900, 1000);
    }

    [Fact]
    public void A_segment_cut_off_anywhere_is_refused()
    {
        (byte[] bytes, Func<byte[], bool> answersRight) = Small();
        for (int length = 0; length < bytes.Length; length += 64)
        {
            Assert.Equal(1, RefusedOrHarmless(bytes[..length], answersRight));
        }
    }

    [Fact]
    public void Damage_is_named_by_segment_part_and_offset()
    {
        byte[] bytes = Corpus.Generated(500, 200, 1).Seal();
        bytes[16 + 40] ^= 1;
        using var segment = SparseSegment.Open(bytes, "a/3/0017");
        var fault = Assert.Throws<SparseFormatException>(segment.Verify);
        Assert.Equal(("a/3/0017", "postings", 16L), (fault.Segment, fault.Part, fault.Offset));
    }

    [Fact]
    public void Another_version_is_refused_with_the_remedy()
    {
        byte[] bytes = Corpus.Generated(50, 200, 1).Seal();
        bytes[8] = 99;
        var fault = Assert.Throws<SparseFormatException>(() => SparseSegment.Open(bytes, "new"));
        Assert.Contains("version 99; this build reads 2 to 2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_inside_a_larger_file_opens_at_its_offset()
    {
        var corpus = Corpus.Generated(300, 200, 2);
        byte[] bytes = corpus.Seal();
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using (FileStream file = File.Create(path))
            {
                file.Write(new byte[12345]);
                file.Write(bytes);
                file.Write(new byte[777]);
            }

            using var segment = SparseSegment.Open(path, 12345, bytes.Length);
            segment.Verify();
            Assert.Equal(
                corpus.Oracle([1, 2, 3], [4, 5, 6], 10),
                new SparseSearcher().Search(segment, [1, 2, 3], [4, 5, 6], new SparseSearchOptions(10)).Hits);
            Assert.Throws<SparseFormatException>(() => SparseSegment.Open(path, 12345, bytes.Length + 10_000));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_golden_segment_of_version_2_still_reads()
    {
        string path = Path.Combine(Testing.Repository.Root, "tests/Platform.Indexing.Tests/Sparse/Golden/sparse-v2.bin");
        Corpus corpus = GoldenCorpus();
        if (Environment.GetEnvironmentVariable("PLATFORM_WRITE_GOLDENS") == "1")
        {
            File.WriteAllBytes(path, corpus.Seal());
        }

        byte[] golden = File.ReadAllBytes(path);
        using var segment = SparseSegment.Open(golden, "golden");
        segment.Verify();
        SparseHit[] expected = corpus.Oracle([1, 2, 3, 150], [4, 5, 6, 1], 20);
        foreach (SparseAlgorithm algorithm in (SparseAlgorithm[])[SparseAlgorithm.Exhaustive, SparseAlgorithm.BlockMaxPruning])
        {
            Assert.Equal(expected, new SparseSearcher().Search(segment, [1, 2, 3, 150], [4, 5, 6, 1], new SparseSearchOptions(20, algorithm)).Hits);
        }

        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(corpus.Seal()));
    }

    // Term 1: dense blocks in a bitmap; 2: few, with sums; 3: groups in unary; 150: documents one by one; 1, 2 and 3 with maxima.
    private static Corpus GoldenCorpus()
    {
        var documents = new (int[] Terms, byte[] Impacts)[4500];
        for (int i = 0; i < documents.Length; i++)
        {
            List<int> terms = [];
            terms.AddRange(i % 3 == 0 ? [1] : []);
            terms.AddRange(i % 64 < 8 && i / 64 % 3 == 0 ? [2] : []);
            terms.AddRange(i % 29 == 0 ? [3] : []);
            terms.AddRange(i % 7 == 0 ? [40 + (i % 91)] : []);
            terms.AddRange(i % 1000 == 5 ? [150] : []);
            documents[i] = ([.. terms], [.. terms.Select(term => (byte)(1 + ((i + (3 * term)) % 255)))]);
        }

        return new Corpus { Documents = documents, KeyRanks = [.. Enumerable.Range(0, documents.Length).Reverse()] };
    }

    private static (byte[] Bytes, Func<byte[], bool> AnswersRight) Small()
    {
        var corpus = Corpus.Generated(300, 150, 4);
        int[] terms = [.. Enumerable.Range(0, 150)];
        int[] impacts = [.. terms.Select(term => 1 + (term % 24))];
        SparseHit[] expected = corpus.Oracle(terms, impacts, 50);
        byte[] bytes = corpus.Seal();
        bool AnswersRight(byte[] damaged)
        {
            using var segment = SparseSegment.Open(damaged, "damaged");
            return new SparseSearcher().Search(segment, terms, impacts, new SparseSearchOptions(50)).Hits.SequenceEqual(expected);
        }

        return (bytes, AnswersRight);
    }

    private static int RefusedOrHarmless(byte[] damaged, Func<byte[], bool> answersRight)
    {
        try
        {
            Assert.True(answersRight(damaged), string.Create(CultureInfo.InvariantCulture, $"{damaged.Length} bytes answered wrongly"));
            return 0;
        }
        catch (SparseFormatException)
        {
            return 1;
        }
    }
}
