using System.Text;
using Platform.Indexing.Lexical;
using Platform.Indexing.Shards;
using Platform.Indexing.Storage;
using Platform.Indexing.Tests.Storage;
using Platform.Testing;
using Content = Platform.Indexing.Tests.Shards.ShardModel.Content;
using Operation = Platform.Indexing.Tests.Shards.ShardModel.Operation;

namespace Platform.Indexing.Tests.Shards;

/// <summary>A shard folder as version 1 of every format wrote it: two segments, deletions, operations, a closed and an open log.</summary>
/// <remarks>
/// <c>PLATFORM_WRITE_GOLDENS=1</c> writes the folder anew; the commit then states why. zstd promises to read old bytes, not to write
/// the same ones: the two parts that depend on them are compared by what they decode to, all else byte by byte.
/// </remarks>
public sealed class GoldenFiles
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Platform.Indexing.Tests", "Golden", "shard-v1");

    private static readonly Operation[][] Epochs =
    [
        [.. Enumerable.Range(0, 24).Select(i => Upsert(i, $"first/{i}"))],
        [Delete(100, "first/3"), Delete(101, "first/absent"), Upsert(102, "first/5"), .. Enumerable.Range(200, 24).Select(i => Upsert(i, $"second/{i}"))],
        [Upsert(300, "closed/é"), Delete(301, "second/200")],
        [Upsert(302, "open/😀"), Upsert(303, "first/7")],
    ];

    [Fact]
    public async Task This_build_reads_the_golden_shard()
    {
        await using Shard shard = await OpenAsync(Golden());
        Assert.Equal(Epochs.Length + 1, shard.Epoch);
        var model = ShardModel.After(Epochs);
        ShardComparison.AssertHolds(model, Queries.Fixed, shard);
        foreach (Operation[] batch in Epochs)
        {
            Assert.Equal(model.Apply(batch), await shard.ApplyAsync(ShardDrawings.Pack(batch)));
        }
    }

    [Fact]
    public async Task This_build_writes_the_golden_shard()
    {
        var store = new MemoryBlobStore();
        foreach (Operation[] batch in Epochs)
        {
            await using Shard shard = await OpenAsync(store);
            await shard.ApplyAsync(ShardDrawings.Pack(batch));
        }

        if (Environment.GetEnvironmentVariable("PLATFORM_WRITE_GOLDENS") == "1")
        {
            foreach (string name in store.Names)
            {
                string path = Path.Combine(Folder, name[2..] + ".bin");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, store[name]);
            }
        }

        MemoryBlobStore golden = Golden();
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

    [Fact]
    public void The_frame_around_the_parts_of_a_golden_segment_is_written_byte_by_byte()
    {
        MemoryBlobStore golden = Golden();
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
    public void A_later_version_of_a_segment_is_refused_with_the_remedy()
    {
        MemoryBlobStore golden = Golden();
        string name = golden.Names.First(n => n.Contains("/segments/", StringComparison.Ordinal));
        byte[] later = golden[name];
        later[4] = 2;
        var fault = Assert.Throws<SegmentFormatException>(() => SegmentFile.Read("a/3/0017", later));
        Assert.Equal(
            "Segment 'a/3/0017' has format version 2; this build reads 1 to 1. Upgrade the silo, or ingest the documents again.", fault.Message);
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

    private static MemoryBlobStore Golden()
    {
        var store = new MemoryBlobStore();
        foreach (string path in Directory.EnumerateFiles(Folder, "*.bin", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(Folder, path).Replace(Path.DirectorySeparatorChar, '/');
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
