using Platform.Indexing.Sparse;

namespace Platform.Indexing.Tests.Sparse;

/// <summary>Building beyond the memory budget: 20,000 documents are 13 MB and three pieces, of which two do not fit 8 MiB.</summary>
public sealed class SparseSpillTests : IDisposable
{
    private const long Budget = 8 << 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("spill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_build_that_spills_writes_the_bytes_of_one_that_does_not()
    {
        using var spilled = new SparseSegmentBuilder(Options());
        using var unspilled = new SparseSegmentBuilder(new SparseBuildOptions());
        Fill(spilled);
        Fill(unspilled);

        byte[] expected = Build(unspilled);
        byte[] found = Build(spilled);

        Assert.Equal(0, unspilled.SpilledBytes);
        Assert.InRange(spilled.SpilledBytes, 1, long.MaxValue);
        Assert.True(expected.AsSpan().SequenceEqual(found));
    }

    [Fact]
    public void A_merge_that_spills_writes_the_bytes_of_one_that_does_not()
    {
        using var source = new SparseSegmentBuilder(new SparseBuildOptions());
        Fill(source);
        using var segment = SparseSegment.Open(Build(source), "source");
        using var spilled = new SparseSegmentBuilder(Options());
        using var unspilled = new SparseSegmentBuilder(new SparseBuildOptions());
        ulong[] deleted = [0x1234_5678_9ABC_DEF0, ulong.MaxValue];

        SegmentMerge.Append(spilled, segment, deleted, CancellationToken.None);
        SegmentMerge.Append(unspilled, segment, deleted, CancellationToken.None);

        Assert.InRange(spilled.SpilledBytes, 1, long.MaxValue);
        Assert.True(Build(unspilled).AsSpan().SequenceEqual(Build(spilled)));
    }

    [Fact]
    public void Documents_in_memory_stay_within_the_budget()
    {
        using var builder = new SparseSegmentBuilder(Options());
        long most = 0;
        Fill(builder, () => most = Math.Max(most, builder.SizeInBytes - (12L * 32_768)));        // without the list of documents
        Assert.InRange(most, 1, Budget);
        Assert.InRange(builder.SpilledBytes + builder.SizeInBytes, 5 * builder.PostingCount, long.MaxValue);
    }

    [Fact]
    public void A_cancelled_build_leaves_no_file()
    {
        using (var builder = new SparseSegmentBuilder(Options()))
        {
            Fill(builder);
            Assert.InRange(builder.SpilledBytes, 1, long.MaxValue);
            Assert.ThrowsAny<OperationCanceledException>(() => builder.Build(Stream.Null, [], new CancellationToken(true)));
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_full_disk_ends_the_build_and_leaves_no_file()
    {
        if (!File.Exists("/dev/full"))
        {
            return;                                       // only Linux has a disk that is always full
        }

        static FileStream Full() => new("/dev/full", new FileStreamOptions { Access = FileAccess.ReadWrite, BufferSize = 0 });
        using (var builder = new SparseSegmentBuilder(Options(), Full))
        {
            var fault = Assert.Throws<IOException>(() => Fill(builder));
            Assert.Contains("No space left", fault.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_missing_spill_folder_is_named()
    {
        using var builder = new SparseSegmentBuilder(Options() with { SpillFolder = Path.Combine(_folder, "missing") });
        var fault = Assert.Throws<DirectoryNotFoundException>(() => Fill(builder));
        Assert.Contains("missing", fault.Message, StringComparison.Ordinal);
    }

    private static byte[] Build(SparseSegmentBuilder builder)
    {
        using var stream = new MemoryStream();
        builder.Build(stream, [], CancellationToken.None);
        return stream.ToArray();
    }

    private static void Fill(SparseSegmentBuilder builder, Action? eachDocument = null)
    {
        const int Documents = 20_000;
        var generator = new SparseGenerator(Documents, 2_000, 31);
        var vector = new GeneratedVector();
        for (int i = 0; i < Documents; i++)
        {
            generator.Document(i, vector);
            builder.Add(vector.Terms, vector.Weights);
            eachDocument?.Invoke();
        }
    }

    private SparseBuildOptions Options() => new() { MemoryBudgetBytes = Budget, SpillFolder = _folder };
}
