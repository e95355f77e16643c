using System.Text;
using Platform.Indexing.Dense;
using Platform.Indexing.Fields;
using Platform.Indexing.Lexical;
using Platform.Indexing.Shards;
using Platform.Indexing.Storage;
using Platform.Indexing.Tests.Storage;
using Platform.Testing;
using Content = Platform.Indexing.Tests.Shards.ShardModel.Content;
using Operation = Platform.Indexing.Tests.Shards.ShardModel.Operation;

namespace Platform.Indexing.Tests.Shards;

/// <summary>Shard folders as each version of the format wrote them: two segments, deletions, operations, a closed and an open log, from version 2 on with vectors, from 3 on with fields.</summary>
/// <remarks>
/// <c>PLATFORM_WRITE_GOLDENS=1</c> writes the folder anew; the commit then states why. zstd promises to read old bytes, not to write
/// the same ones: the two parts that depend on them are compared by what they decode to, all else byte by byte.
/// </remarks>
public sealed class GoldenFiles
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task This_build_reads_the_golden_shard(int version)
    {
        Operation[][] epochs = Epochs(version);
        await using Shard shard = await OpenAsync(Golden(version));
        Assert.Equal(epochs.Length + 1, shard.Epoch);
        var model = ShardModel.After(epochs);
        ShardComparison.AssertHolds(model, Queries.Fixed, shard);
        foreach (Operation[] batch in epochs)
        {
            Assert.Equal(model.Apply(batch), await shard.ApplyAsync(ShardDrawings.Pack(batch)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task This_build_writes_the_golden_shard(int version)
    {
        var store = new MemoryBlobStore();
        foreach (Operation[] batch in Epochs(version))
        {
            await using Shard shard = await OpenAsync(store);
            await shard.ApplyAsync(ShardDrawings.Pack(batch));
        }

        if (Environment.GetEnvironmentVariable("PLATFORM_WRITE_GOLDENS") == "1")
        {
            foreach (string name in store.Names)
            {
                string path = Path.Combine(FolderOf(version), name[2..] + ".bin");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, store[name]);
            }
        }

        MemoryBlobStore golden = Golden(version);
        Assert.Equal(golden.Names, store.Names);
        foreach (string name in golden.Names)
        {
            if (name.Contains("/segments/", StringComparison.Ordinal))
            {
                AssertSameSegment(golden[name], store[name]);
            }
            else
            {
                Assert.Equal(Convert.ToHexString(golden[name]), Convert.ToHexString(store[name]));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_frame_around_the_parts_of_a_golden_segment_is_written_byte_by_byte(int version)
    {
        MemoryBlobStore golden = Golden(version);
        foreach (string name in golden.Names.Where(name => name.Contains("/segments/", StringComparison.Ordinal)))
        {
            SegmentParts parts = SegmentFile.Read(name, golden[name]);
            byte[] written = SegmentFile.Write(Enum.GetValues<SegmentFile.Part>().ToDictionary(part => part, part => parts.Unchecked(part).Content));
            Assert.Equal(Convert.ToHexString(golden[name]), Convert.ToHexString(written));
        }
    }

    [Fact]
    public void A_batch_has_the_bytes_that_the_format_says()
    {
        var batch = new ShardBatch();
        batch.Upsert(new Guid("00112233-4455-6677-8899-aabbccddeeff"), "é", [7, 8], TermVector.Pack(["a"]), [5, 128_255], [1, 255]);
        batch.Delete(new Guid("00112233-4455-6677-8899-aabbccddeeff"), "b");
        const string Id = "33221100554477668899AABBCCDDEEFF";
        Assert.Equal(
            "01" + Id + "02C3A9" + "020708" + "050101016101" + "02" + "05000000" + "FFF40100" + "01FF" + "00" + Id + "0162",
            Convert.ToHexString(batch.ToArray()));
        Assert.Equal(2, batch.Count);
    }

    [Fact]
    public void An_upsert_with_a_vector_has_the_bytes_that_the_format_says()
    {
        var batch = new ShardBatch();
        batch.Upsert(Guid.Empty, "b", [7], [], [], [], [1, -2], VectorPrecision.Int8);
        Assert.Equal(
            "03" + new string('0', 32) + "0162" + "0107" + "00" + "00" + "03" + "02" + "0000803F" + "000000C0", Convert.ToHexString(batch.ToArray()));
    }

    [Fact]
    public void An_upsert_with_fields_has_the_bytes_that_the_format_says()
    {
        var batch = new ShardBatch();
        batch.Upsert(Guid.Empty, "b", [7], [], [], [], fields: FieldValue.Pack([FieldValue.OfScalar("a", 1)]));
        Assert.Equal("05" + new string('0', 32) + "0162" + "0107" + "00" + "00" + "0C" + "01" + "0161" + "02" + "0100000000000000", Convert.ToHexString(batch.ToArray()));
    }

    [Fact]
    public void A_later_version_of_a_segment_is_refused_with_the_remedy()
    {
        MemoryBlobStore golden = Golden(1);
        string name = golden.Names.First(n => n.Contains("/segments/", StringComparison.Ordinal));
        byte[] later = golden[name];
        later[4] = 4;
        var fault = Assert.Throws<SegmentFormatException>(() => SegmentFile.Read("a/3/0017", later));
        Assert.Equal(
            "Segment 'a/3/0017' has format version 4; this build reads 1 to 3. Upgrade the silo, or ingest the documents again.", fault.Message);
    }

    private static void AssertSameSegment(byte[] golden, byte[] written)
    {
        SegmentParts goldenParts = SegmentFile.Read("golden", golden);
        SegmentParts writtenParts = SegmentFile.Read("written", written);
        foreach (SegmentFile.Part part in Enum.GetValues<SegmentFile.Part>())
        {
            if (part is not (SegmentFile.Part.StoredBlocks or SegmentFile.Part.StoredBytes))
            {
                Assert.Equal(Convert.ToHexString(goldenParts.Bytes(part)), Convert.ToHexString(writtenParts.Bytes(part)));
            }
        }

        using SealedSegment left = SealedSegment.Open("golden", new BlobView(golden), new DeletedDocuments(), new DeletedDocuments());
        using SealedSegment right = SealedSegment.Open("written", new BlobView(written), new DeletedDocuments(), new DeletedDocuments());
        for (int docId = 0; docId < left.DocumentCount; docId++)
        {
            Assert.Equal(left.StoredOf(docId), right.StoredOf(docId));
        }
    }

    private static string FolderOf(int version) => Path.Combine(Repository.Root, "tests", "Platform.Indexing.Tests", "Golden", $"shard-v{version}");

    private static Operation[][] Epochs(int version)
    {
        Operation[][] epochs =
        [
            [.. Enumerable.Range(0, 24).Select(i => Upsert(i, $"first/{i}"))],
            [Delete(100, "first/3"), Delete(101, "first/absent"), Upsert(102, "first/5"), .. Enumerable.Range(200, 24).Select(i => Upsert(i, $"second/{i}"))],
            [Upsert(300, "closed/é"), Delete(301, "second/200")],
            [Upsert(302, "open/😀"), Upsert(303, "first/7")],
        ];
        epochs = version > 1 ? [.. epochs.Select(batch => batch.Select(WithVector).ToArray())] : epochs;
        return version > 2 ? [.. epochs.Select(batch => batch.Select(WithFields).ToArray())] : epochs;
    }

    /// <summary>A vector for two documents of three.</summary>
    private static Operation WithVector(Operation operation, int i) => operation.Content is null || i % 3 == 2
        ? operation
        : operation with { Content = operation.Content with { Vector = [.. Enumerable.Range(0, ShardDrawings.Dimensions).Select(d => ((i * 7) + (d * 3)) % 11 / 4f - 1)] } };

    /// <summary>Fields for three documents of four: words in different numbers, integers of each width.</summary>
    private static Operation WithFields(Operation operation, int i) => operation.Content is null || i % 4 == 3
        ? operation
        : operation with
        {
            Content = operation.Content with
            {
                Fields =
                [
                    FieldValue.OfKeywords("lang", ((string[])["en", "é", "😀"])[..(i % 3 + 1)]),
                    FieldValue.OfScalar("flag", i % 2),
                    FieldValue.OfScalar("year", -100 + (i * 1000)),
                    FieldValue.OfScalar("at", i * 100_000_000_000),
                ],
            },
        };

    private static MemoryBlobStore Golden(int version)
    {
        string folder = FolderOf(version);
        var store = new MemoryBlobStore();
        foreach (string path in Directory.EnumerateFiles(folder, "*.bin", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
            store["s/" + name[..^".bin".Length]] = File.ReadAllBytes(path);
        }

        return store;
    }

    private static Operation Delete(int id, string key) => new(Id(id), key, null);

    private static Operation Upsert(int id, string key) => new(Id(id), key, new Content(
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"{{\"title\":\"document {id}\"}}", 8))),
        [.. ShardDrawings.Terms.Where((_, t) => (id >> t & 1) != 0), "red"],
        new SortedDictionary<int, byte> { [id % 7] = (byte)(id % 255 + 1), [300] = 9, [128_255] = 255 }));

    private static Guid Id(int id) => new(id, 0, 0, new byte[8]);

    private static Task<Shard> OpenAsync(MemoryBlobStore store) =>
        Shard.OpenAsync(store, "s", new ShardOptions { SealAtBytes = 4096 }, CancellationToken.None);
}
