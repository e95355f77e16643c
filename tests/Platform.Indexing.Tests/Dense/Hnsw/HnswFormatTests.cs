using System.IO.Hashing;
using System.Runtime.InteropServices;
using Platform.Indexing.Dense;

namespace Platform.Indexing.Tests.Dense;

public sealed class HnswFormatTests
{
    private static readonly HnswOptions Tiny = new() { M = 3, EfConstruction = 16 };
    private static readonly float[] Query = [.. Enumerable.Range(0, 12).Select(i => (i % 5) - 1.5f)];

    [Fact]
    public void A_graph_read_from_a_file_answers_as_it_did_in_memory()
    {
        (DenseSegment vectors, HnswMemoryGraph graph, byte[] bytes) = Sample();
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(path, [.. new byte[4096], .. bytes, .. new byte[99]]);
            using var file = HnswGraphFile.Open(path, vectors, 4096, bytes.Length);
            file.Verify();
            Assert.Equal(bytes.Length, file.SizeInBytes);
            Assert.Equal((graph.Count, graph.Entry, graph.Options), (file.Count, file.Entry, file.Options));
            var searcher = new DenseSearcher();
            DenseTopK expected = searcher.Search(vectors, graph, Query, 10, default, 40, DenseAlgorithm.Hnsw);
            DenseTopK found = searcher.Search(vectors, file, Query, 10, default, 40, DenseAlgorithm.Hnsw);
            Assert.Equal(expected.Hits, found.Hits);
            Assert.Equal(expected.Execution, found.Execution);
            int[] same = [.. Enumerable.Range(0, file.Count)];
            Assert.Equal(bytes, Write(HnswMerge.Run(vectors, file, same, Tiny, threads: 1, CancellationToken.None), vectors));
            Assert.Throws<DenseFormatException>(() => HnswGraphFile.Open(path, vectors, 4096, bytes.Length + 4096));
        }
        finally
        {
            File.Delete(path);
            vectors.Dispose();
        }
    }

    [Fact]
    public void Every_flipped_byte_is_found_by_verifying_and_named_by_part_and_offset()
    {
        (DenseSegment vectors, _, byte[] bytes) = Sample();
        using (vectors)
        {
            for (int at = 0; at < bytes.Length; at++)
            {
                byte[] damaged = [.. bytes];
                damaged[at] ^= (byte)(1 << (at % 8));
                var fault = Assert.Throws<DenseFormatException>(() =>
                {
                    using var file = HnswGraphFile.Open(damaged, vectors, "a/3/0017");
                    file.Verify();
                });
                Assert.Equal("a/3/0017", fault.Segment);
                Assert.StartsWith("graph.", at is >= 8 and < 12 ? "graph." + fault.Part : fault.Part, StringComparison.Ordinal);
                Assert.InRange(fault.Offset, 0, bytes.Length);
            }
        }
    }

    [Fact]
    public void A_graph_cut_off_anywhere_is_refused()
    {
        (DenseSegment vectors, _, byte[] bytes) = Sample();
        using (vectors)
        {
            for (int length = 0; length < bytes.Length; length += 13)
            {
                Assert.Throws<DenseFormatException>(() => HnswGraphFile.Open(bytes.AsMemory(0, length), vectors, "short"));
            }
        }
    }

    [Fact]
    public void The_graph_of_other_vectors_is_refused()
    {
        (DenseSegment vectors, _, byte[] bytes) = Sample();
        using (vectors)
        {
            var other = DenseCollection.Drawn(3, 300, 12, VectorPrecision.Float32, gaps: false);
            using var others = DenseSegment.Open(other.Seal(), "others");
            var fault = Assert.Throws<DenseFormatException>(() => HnswGraphFile.Open(bytes, others, "graph"));
            Assert.Contains("belongs to other vectors than those of segment 'others'", fault.Message, StringComparison.Ordinal);
        }
    }

    // Checksums that hold say nothing about who wrote the file: links are checked for what they name.
    [Theory]
    [InlineData(0, 300)]
    [InlineData(0, -2)]
    [InlineData(0, int.MaxValue)]
    [InlineData(0, int.MinValue)]
    [InlineData(2, 300)]
    [InlineData(2, int.MinValue)]
    public void Hostile_links_with_checksums_that_hold_are_refused(int part, int link)
    {
        (DenseSegment vectors, _, byte[] bytes) = Sample();
        using (vectors)
        {
            (int offset, int length) = PartOf(bytes, vectors, part);
            byte[] hostile = [.. bytes];
            MemoryMarshal.Write(hostile.AsSpan(offset), link);
            Seal(hostile, vectors, bytes, part, offset, length);
            var fault = Assert.Throws<DenseFormatException>(() =>
            {
                using var file = HnswGraphFile.Open(hostile, vectors, "hostile");
                file.Verify();
            });
            Assert.Equal((HnswFooter.PartNames[part], (long)offset), (fault.Part, fault.Offset));
        }
    }

    [Fact]
    public void Hostile_levels_and_upper_links_to_rows_without_the_level_are_refused()
    {
        (DenseSegment vectors, HnswMemoryGraph graph, byte[] bytes) = Sample();
        using (vectors)
        {
            int ground = Enumerable.Range(0, graph.Count).First(row => graph.LevelOf(row) == 0);
            (int upper, int upperLength) = PartOf(bytes, vectors, HnswFooter.Upper);
            byte[] hostile = [.. bytes];
            MemoryMarshal.Write(hostile.AsSpan(upper), ground);
            Seal(hostile, vectors, bytes, HnswFooter.Upper, upper, upperLength);
            Assert.Throws<DenseFormatException>(() => HnswGraphFile.Open(hostile, vectors, "hostile"));

            (int levels, int levelsLength) = PartOf(bytes, vectors, HnswFooter.Levels);
            foreach ((int row, int start) in new (int Row, int Start)[] { (0, 1), (1, -1), (1, 16), (150, int.MaxValue), (300, 0), (300, int.MinValue) })
            {
                hostile = [.. bytes];
                MemoryMarshal.Write(hostile.AsSpan(levels + (4 * row)), start);
                Seal(hostile, vectors, bytes, HnswFooter.Levels, levels, levelsLength);
                Assert.Equal("graph.levels", Assert.Throws<DenseFormatException>(() => HnswGraphFile.Open(hostile, vectors, "hostile")).Part);
            }
        }
    }

    [Fact]
    public void The_golden_graph_of_version_1_still_reads()
    {
        (DenseSegment vectors, HnswMemoryGraph graph, byte[] bytes) = Sample();
        using (vectors)
        {
            string path = Path.Combine(Testing.Repository.Root, "tests/Platform.Indexing.Tests/Dense/Golden/hnsw-v1.bin");
            byte[] golden = File.ReadAllBytes(path);
            using var file = HnswGraphFile.Open(golden, vectors, "golden");
            file.Verify();
            var searcher = new DenseSearcher();
            Assert.Equal(
                searcher.Search(vectors, graph, Query, 10, default, 40, DenseAlgorithm.Hnsw).Hits,
                searcher.Search(vectors, file, Query, 10, default, 40, DenseAlgorithm.Hnsw).Hits);
            Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(bytes));
        }
    }

    // 300 vectors of 12 components; no random numbers, so that the golden stays
    private static (DenseSegment Vectors, HnswMemoryGraph Graph, byte[] Bytes) Sample()
    {
        var collection = new DenseCollection
        {
            Layout = new VectorLayout(12, VectorPrecision.Float32),
            Vectors = [.. Enumerable.Range(0, 300).Select(document =>
                Enumerable.Range(0, 12).Select(i => (((document * 7919) + (i * 104_729)) % 1009 / 504.5f) - 1).ToArray())],
        };
        var vectors = DenseSegment.Open(collection.Seal(), "sample");
        HnswMemoryGraph graph = HnswBuilder.Build(vectors, Tiny, threads: 2, CancellationToken.None);
        return (vectors, graph, Write(graph, vectors));
    }

    private static byte[] Write(HnswGraph graph, DenseSegment vectors)
    {
        using var stream = new MemoryStream();
        Assert.Equal(HnswGraphWriter.SizeOf(graph), HnswGraphWriter.Write(stream, graph, vectors.Fingerprint, CancellationToken.None));
        return stream.ToArray();
    }

    private static (int Offset, int Length) PartOf(byte[] bytes, DenseSegment vectors, int part)
    {
        using var file = HnswGraphFile.Open(bytes, vectors, "sound");
        return ((int)file.Parts[part].Offset, (int)file.Parts[part].Length);
    }

    // Makes all checksums hold again after a part was changed.
    private static void Seal(byte[] hostile, DenseSegment vectors, byte[] sound, int part, int offset, int length)
    {
        if (part == HnswFooter.Links)
        {
            (int checksums, int checksumsLength) = PartOf(sound, vectors, HnswFooter.Checksums);
            uint first = (uint)XxHash3.HashToUInt64(hostile.AsSpan(offset, 64 * 2 * Tiny.M * sizeof(int)));
            MemoryMarshal.Write(hostile.AsSpan(checksums), first);
            SealPart(hostile, HnswFooter.Checksums, checksums, checksumsLength);
        }

        SealPart(hostile, part, offset, length);
    }

    private static void SealPart(byte[] hostile, int part, int offset, int length)
    {
        Span<byte> footer = hostile.AsSpan(hostile.Length - HnswFooter.Size);
        MemoryMarshal.Write(footer[(32 + (24 * part) + 16)..], XxHash3.HashToUInt64(hostile.AsSpan(offset, length)));
        MemoryMarshal.Write(footer[240..], XxHash3.HashToUInt64(footer[..240]));
    }
}
