using Platform.Indexing.Dense;

namespace Platform.Indexing.Tests.Dense;

public sealed class DenseFormatTests
{
    private static readonly float[] Query = [.. Enumerable.Range(0, 40).Select(i => (i % 7) - 2.5f)];

    [Fact]
    public void A_flipped_bit_is_refused_or_harmless()
    {
        DenseCollection collection = Small(VectorPrecision.Float32);
        byte[] bytes = collection.Seal();
        DenseHit[] expected = Answer(bytes);
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 500; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            refused += IsRefused(damaged, expected) ? 1 : 0;
        }

        Assert.InRange(refused, 250, 500);                    // bytes of rows that the query does not read are no harm
    }

    [Fact]
    public void Every_flipped_bit_is_found_by_verifying()
    {
        byte[] bytes = Small(VectorPrecision.BFloat16).Seal();
        var random = new Random(2);
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Throws<DenseFormatException>(() =>
            {
                using var segment = DenseSegment.Open(damaged, "damaged");
                segment.Verify();
            });
        }
    }

    [Fact]
    public void A_segment_cut_off_anywhere_is_refused()
    {
        byte[] bytes = Small(VectorPrecision.Int8).Seal();
        for (int length = 0; length < bytes.Length; length += 64)
        {
            Assert.Throws<DenseFormatException>(() => DenseSegment.Open(bytes.AsMemory(0, length), "short"));
        }
    }

    [Fact]
    public void Damage_is_named_by_segment_part_and_offset()
    {
        byte[] bytes = Small(VectorPrecision.Float32).Seal();
        bytes[64 + (70 * 192)] ^= 1;                          // row 70 of 48 floats, in the second block
        using var segment = DenseSegment.Open(bytes, "a/3/0017");
        var fault = Assert.Throws<DenseFormatException>(() => new DenseSearcher().Search(segment, Query, 10, default, DenseAlgorithm.Scan));
        Assert.Equal(("a/3/0017", "vectors", 64L + (64 * 192)), (fault.Segment, fault.Part, fault.Offset));
    }

    [Fact]
    public void Another_version_is_refused_with_the_remedy()
    {
        byte[] bytes = Small(VectorPrecision.Float32).Seal();
        bytes[8] = 99;
        var fault = Assert.Throws<DenseFormatException>(() => DenseSegment.Open(bytes, "new"));
        Assert.Contains("version 99; this build reads 1 to 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_inside_a_larger_file_opens_at_its_offset()
    {
        byte[] bytes = Small(VectorPrecision.Float16).Seal();
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(path, [.. new byte[12345], .. bytes, .. new byte[777]]);
            using var segment = DenseSegment.Open(path, 12345, bytes.Length);
            segment.Verify();
            Assert.Equal(Answer(bytes), new DenseSearcher().Search(segment, Query, 20).Hits);
            Assert.Throws<DenseFormatException>(() => DenseSegment.Open(path, 12345, bytes.Length + 10_000));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(VectorPrecision.Float32)]
    [InlineData(VectorPrecision.Float16)]
    [InlineData(VectorPrecision.BFloat16)]
    [InlineData(VectorPrecision.Int8)]
    public void The_golden_segments_of_version_1_still_read(VectorPrecision precision)
    {
        string folder = Path.Combine(Testing.Repository.Root, "tests/Platform.Indexing.Tests/Dense/Golden");
        byte[] golden = File.ReadAllBytes(Path.Combine(folder, $"dense-v1-{precision.ToString().ToLowerInvariant()}.bin"));
        using var segment = DenseSegment.Open(golden, "golden");
        segment.Verify();
        DenseCollection collection = Small(precision);
        Assert.Equal(
            collection.Oracle(Query, 20, _ => true, Comparer<int>.Default), new DenseSearcher().Search(segment, Query, 20).Hits);
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(collection.Seal()));
    }

    // 150 documents of 40 components, two of three with a vector; no random numbers, so that the goldens stay
    private static DenseCollection Small(VectorPrecision precision) => new()
    {
        Layout = new VectorLayout(40, precision),
        Vectors = [.. Enumerable.Range(0, 150).Select(document => document % 3 == 0
            ? null
            : Enumerable.Range(0, 40).Select(i => (((document * 7919) + (i * 104_729)) % 1009 / 504.5f) - 1).ToArray())],
    };

    private static DenseHit[] Answer(byte[] bytes)
    {
        using var segment = DenseSegment.Open(bytes, "small");
        return new DenseSearcher().Search(segment, Query, 20).Hits;
    }

    private static bool IsRefused(byte[] damaged, DenseHit[] expected)
    {
        try
        {
            Assert.Equal(expected, Answer(damaged));
            return false;
        }
        catch (DenseFormatException)
        {
            return true;
        }
    }
}
