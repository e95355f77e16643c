using System.Text;
using Platform.Indexing.Dense;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;
using Platform.Indexing.Storage;
using Platform.Indexing.Tests.Storage;
using Operation = Platform.Indexing.Tests.Shards.ShardModel.Operation;

namespace Platform.Indexing.Tests.Shards;

public sealed class DamagedFiles
{
    private static readonly Operation[][] History = ShardDrawings.History(seed: 11, batches: 8);
    private static readonly Operation[][] LongHistory = ShardDrawings.History(seed: 12, batches: 30);
    private static readonly ShardModel[] Prefixes = [.. Enumerable.Range(0, History.Length + 1).Select(count => ShardModel.After(History.Take(count)))];

    /// <summary>Seals often and never merges, so that segments keep their deletions.</summary>
    private static ShardOptions Unmerged => new() { SealAtBytes = 4096, MergeFactor = 64, MaxDeletedShare = 1 };

    [Fact]
    public async Task An_open_log_cut_at_any_byte_gives_its_longest_prefix_of_whole_records()
    {
        MemoryBlobStore store = await WriteLogAsync();
        string log = Assert.Single(store.Names, IsLog);
        byte[] whole = store[log];
        int[] ends = RecordEnds();
        Assert.Equal(whole.Length, ends[^1]);
        for (int length = 0; length <= whole.Length; length++)
        {
            MemoryBlobStore cut = store.Copy();
            cut[log] = whole[..length];
            await using Shard shard = await OpenAsync(cut, ShardDrawings.Roomy);
            AssertDocuments(Prefixes[ends.Count(end => end <= length)], shard);
        }
    }

    [Fact]
    public async Task A_log_that_goes_on_behind_a_torn_record_never_shows_the_torn_one_and_takes_new_writes()
    {
        MemoryBlobStore store = await WriteLogAsync();
        string log = Assert.Single(store.Names, IsLog);
        store[log] = store[log][..^1];
        await using (Shard shard = await OpenAsync(store, ShardDrawings.Roomy))
        {
            await shard.ApplyAsync(ShardDrawings.Pack(History[^1]));
        }

        await using Shard reopened = await OpenAsync(store, ShardDrawings.Roomy);
        ShardComparison.AssertHolds(Prefixes[^1], Queries.Fixed, reopened);
    }

    [Fact]
    public async Task A_flipped_bit_in_an_open_log_costs_at_most_its_last_record_or_keeps_the_shard_closed()
    {
        MemoryBlobStore store = await WriteLogAsync();
        string log = Assert.Single(store.Names, IsLog);
        int lastRecord = RecordEnds()[^2];
        await FlipAsync(store, log, 1000, async (flipped, position) =>
        {
            if (position < lastRecord)
            {
                await Assert.ThrowsAsync<ShardCorruptException>(() => OpenAsync(flipped, ShardDrawings.Roomy));
                return;
            }

            await using Shard shard = await OpenAsync(flipped, ShardDrawings.Roomy);
            AssertDocuments(Prefixes[^2], shard);
        });
    }

    [Fact]
    public async Task A_flipped_bit_in_a_closed_log_keeps_the_shard_closed()
    {
        MemoryBlobStore store = await CloseLogAsync();
        string log = store.Names.First(IsLog);
        await FlipAsync(store, log, 500, (flipped, _) => Assert.ThrowsAsync<ShardCorruptException>(() => OpenAsync(flipped, ShardDrawings.Roomy)));
    }

    [Fact]
    public async Task A_closed_log_that_is_shorter_or_gone_keeps_the_shard_closed()
    {
        MemoryBlobStore store = await CloseLogAsync();
        string log = store.Names.First(IsLog);
        int[] ends = RecordEnds();
        foreach (int length in (int[])[0, 7, ends[^2], ends[^1] - 1])
        {
            MemoryBlobStore cut = store.Copy();
            cut[log] = cut[log][..length];
            await Assert.ThrowsAsync<ShardCorruptException>(() => OpenAsync(cut, ShardDrawings.Roomy));
        }

        await store.DeleteAsync(log, CancellationToken.None);
        await Assert.ThrowsAsync<ShardCorruptException>(() => OpenAsync(store, ShardDrawings.Roomy));
    }

    [Fact]
    public async Task A_flipped_bit_in_a_segment_is_refused_or_changes_nothing()
    {
        MemoryBlobStore store = await WriteSegmentsAsync();
        string[] segments = [.. store.Names.Where(name => name.Contains("/segments/", StringComparison.Ordinal))];
        ShardModel whole = ShardModel.After(LongHistory);
        int refused = 0;
        foreach (string segment in segments)
        {
            await FlipAsync(store, segment, 1000 / segments.Length, async (flipped, _) =>
            {
                try
                {
                    await using Shard shard = await OpenAsync(flipped, Unmerged);
                    ShardComparison.AssertHolds(whole, Queries.Fixed, shard);
                    using SealedSegment opened = Open(flipped[segment]);
                    ReadThrough(opened);                                 // as a merge does: else the bit lay between two parts
                }
                catch (Exception e) when (e is SegmentFormatException or SparseFormatException or DenseFormatException)
                {
                    refused++;
                }
            });
        }

        Assert.True(refused > 900, $"only {refused} of about 1,000 flips were noticed");
    }

    [Fact]
    public async Task A_segment_opens_without_its_parts_being_read_and_damage_is_named_at_the_first_use()
    {
        MemoryBlobStore store = await WriteSegmentsAsync();
        byte[] whole = store[store.Names.First(n => n.Contains("/segments/", StringComparison.Ordinal))];
        foreach (SegmentFile.Part part in Enum.GetValues<SegmentFile.Part>().Except([SegmentFile.Part.Summary, SegmentFile.Part.Sparse, SegmentFile.Part.Vectors]))
        {
            byte[] damaged = [.. whole];
            (ReadOnlyMemory<byte> content, long offset) = SegmentFile.Read("segment", whole).Unchecked(part);
            damaged[offset + (content.Length / 2)] ^= 16;
            using SealedSegment segment = Open(damaged);
            var fault = Assert.Throws<SegmentFormatException>(() => ReadThrough(segment));
            Assert.Contains($"its part {part} at byte", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_segment_cut_at_any_byte_or_lengthened_is_refused()
    {
        MemoryBlobStore store = await WriteSegmentsAsync();
        string name = store.Names.First(n => n.Contains("/segments/", StringComparison.Ordinal));
        byte[] whole = store[name];
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<SegmentFormatException>(() => Open(whole.AsMemory(0, length)));
        }

        Assert.Throws<SegmentFormatException>(() => Open((byte[])[.. whole, 0]));
    }

    [Theory]
    [InlineData("manifest")]
    [InlineData("operations/")]
    [InlineData("deletions/")]
    public async Task A_flipped_bit_in_a_small_file_keeps_the_shard_closed(string kind)
    {
        MemoryBlobStore store = await WriteSegmentsAsync();
        string name = store.Names.First(n => n.StartsWith("s/" + kind, StringComparison.Ordinal));
        await FlipAsync(store, name, 1000, async (flipped, _) =>
        {
            Exception? fault = await Record.ExceptionAsync(async () =>
            {
                await using Shard shard = await OpenAsync(flipped, Unmerged);
            });
            Assert.IsType<ShardCorruptException>(fault);
        });
    }

    [Theory]
    [InlineData("manifest")]
    [InlineData("operations/")]
    [InlineData("deletions/")]
    public async Task A_small_file_cut_at_any_byte_or_missing_keeps_the_shard_closed(string kind)
    {
        MemoryBlobStore store = await WriteSegmentsAsync();
        string name = store.Names.First(n => n.StartsWith("s/" + kind, StringComparison.Ordinal));
        byte[] whole = store[name];
        for (int length = 0; length < whole.Length; length++)
        {
            MemoryBlobStore cut = store.Copy();
            cut[name] = whole[..length];
            await Assert.ThrowsAsync<ShardCorruptException>(() => OpenAsync(cut, Unmerged));
        }

        await store.DeleteAsync(name, CancellationToken.None);
        await Assert.ThrowsAsync<ShardCorruptException>(() => OpenAsync(store, Unmerged));
    }

    [Fact]
    public async Task A_manifest_of_another_version_or_with_a_valid_checksum_over_nonsense_is_refused()
    {
        foreach (string json in (string[])["{\"formatVersion\":2}", "{\"formatVersion\":1,\"epoch\":1}", "{", "null", "[]", "{\"segments\":7}", "{\"formatVersion\":1,\"segments\":null}", ""])
        {
            var store = new MemoryBlobStore { ["s/manifest"] = Signed(json) };
            await Assert.ThrowsAsync<ShardCorruptException>(() => OpenAsync(store, Unmerged));
        }
    }

    [Fact]
    public async Task A_manifest_that_promises_two_gigabytes_of_log_is_refused_before_they_are_allocated()
    {
        var store = new MemoryBlobStore
        {
            ["s/manifest"] = Signed("{\"formatVersion\":1,\"epoch\":1,\"segments\":[],\"firstLog\":\"\",\"operations\":\"\",\"closedBelowEpoch\":2,\"closedLogs\":{\"log/000000000001-00000001\":2147483591}}"),
            ["s/log/000000000001-00000001"] = new byte[100],
        };
        long before = GC.GetAllocatedBytesForCurrentThread();
        Task<Shard> opening = OpenAsync(store, Unmerged);               // this store never leaves the thread
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 << 20);
        await Assert.ThrowsAsync<ShardCorruptException>(() => opening);
    }

    [Fact]
    public void A_record_that_promises_four_gigabytes_is_a_torn_tail()
    {
        byte[] log = new byte[ShardLog.HeaderLength + ShardLog.HeadLength + 100];
        BitConverter.TryWriteBytes(log, ShardLog.Header);
        log.AsSpan(ShardLog.HeaderLength, 4).Fill(0xFF);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(ShardLog.HeaderLength, ShardLog.Replay("log", log, _ => Assert.Fail("there is no record")));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public async Task A_whole_record_that_is_no_batch_keeps_the_shard_closed()
    {
        MemoryBlobStore store = await WriteLogAsync();
        string log = Assert.Single(store.Names, IsLog);
        byte[] record = new byte[ShardLog.HeadLength + 3];
        ShardLog.WriteRecord(record, store[log].Length, [1, 2, 3]);
        store[log] = [.. store[log], .. record];
        await Assert.ThrowsAsync<ShardCorruptException>(() => OpenAsync(store, ShardDrawings.Roomy));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public async Task A_part_that_lies_outside_its_segment_is_refused_even_under_a_valid_checksum(int field)
    {
        MemoryBlobStore store = await WriteSegmentsAsync();
        byte[] file = store[store.Names.First(n => n.Contains("/segments/", StringComparison.Ordinal))];
        int headerLength = SegmentFile.HeaderLengthOf(SegmentFile.NewestVersion) - sizeof(ulong);
        foreach (long value in (long[])[long.MaxValue, int.MaxValue, 1L << 40, -1, file.Length + 1])
        {
            byte[] forged = [.. file];
            BitConverter.TryWriteBytes(forged.AsSpan(16 + (3 * 24) + field), value);
            BitConverter.TryWriteBytes(forged.AsSpan(headerLength), System.IO.Hashing.XxHash3.HashToUInt64(forged.AsSpan(0, headerLength)));
            Assert.Throws<SegmentFormatException>(() => Open(forged));
        }
    }

    [Fact]
    public async Task A_folder_with_data_and_no_manifest_is_refused_rather_than_begun_anew()
    {
        MemoryBlobStore store = await WriteSegmentsAsync();
        await store.DeleteAsync("s/manifest", CancellationToken.None);
        IReadOnlyList<string> before = store.Names;
        await Assert.ThrowsAsync<ShardCorruptException>(() => OpenAsync(store, Unmerged));
        Assert.Equal(before, store.Names);
    }

    [Fact]
    public async Task A_manifest_older_than_the_logs_is_refused()
    {
        MemoryBlobStore store = await WriteLogAsync();
        byte[] older = store["s/manifest"];
        await using (Shard second = await OpenAsync(store, ShardDrawings.Roomy))
        {
            await second.ApplyAsync(ShardDrawings.Pack(LongHistory[0]));
        }

        store["s/manifest"] = older;
        await Assert.ThrowsAsync<ShardCorruptException>(() => OpenAsync(store, ShardDrawings.Roomy));
    }

    [Fact]
    public async Task A_strange_file_in_the_folder_keeps_the_shard_closed_and_is_left_there()
    {
        MemoryBlobStore store = await WriteSegmentsAsync();
        store["s/log/notes.txt"] = [1];
        await Assert.ThrowsAsync<ShardCorruptException>(() => OpenAsync(store, Unmerged));
        Assert.Contains("s/log/notes.txt", store.Names);
    }

    private static SealedSegment Open(ReadOnlyMemory<byte> file) => SealedSegment.Open("segment", new BlobView(file), new DeletedDocuments(), new DeletedDocuments());

    private static void ReadThrough(SealedSegment segment)
    {
        _ = segment.Lengths;
        segment.Find([], Segment.HashOf([]));
        for (int docId = 0; docId < segment.DocumentCount; docId++)
        {
            segment.KeyOf(docId);
            segment.StoredOf(docId);
        }

        for (int ordinal = 0; ordinal < segment.LexicalTermCount; ordinal++)
        {
            segment.LexicalTerm(ordinal);
            segment.LexicalPostings(ordinal);
        }

        segment.Sparse.Verify();
        (segment.Vectors as DenseSegment)?.Verify();
        _ = segment.Fields;
    }

    private static bool IsLog(string name) => name.StartsWith("s/log/", StringComparison.Ordinal);

    private static Task<Shard> OpenAsync(MemoryBlobStore store, ShardOptions options) => Shard.OpenAsync(store, "s", options, CancellationToken.None);

    /// <summary>The history in one open log.</summary>
    private static Task<MemoryBlobStore> WriteLogAsync() => WriteAsync(ShardDrawings.Roomy, History);

    /// <summary>The long history in some segments with deletions, and a rest of it in logs.</summary>
    private static Task<MemoryBlobStore> WriteSegmentsAsync() => WriteAsync(Unmerged, LongHistory[..20], LongHistory[20..]);

    private static async Task<MemoryBlobStore> WriteAsync(ShardOptions options, params Operation[][][] epochs)
    {
        var store = new MemoryBlobStore();
        foreach (Operation[][] batches in epochs)
        {
            await using Shard shard = await OpenAsync(store, options);
            foreach (Operation[] batch in batches)
            {
                await shard.ApplyAsync(ShardDrawings.Pack(batch));
            }
        }

        return store;
    }

    /// <summary>The whole history in a log of epoch 1 that epoch 2 has closed.</summary>
    private static async Task<MemoryBlobStore> CloseLogAsync()
    {
        MemoryBlobStore store = await WriteLogAsync();
        await using Shard second = await OpenAsync(store, ShardDrawings.Roomy);
        return store;
    }

    /// <summary>Where the records of the log end that one epoch writes, from its header on.</summary>
    private static int[] RecordEnds()
    {
        int at = ShardLog.HeaderLength;
        return [.. History.Select(batch => at += ShardLog.HeadLength + ShardDrawings.Pack(batch).Length)];
    }

    private static async Task FlipAsync(MemoryBlobStore store, string name, int times, Func<MemoryBlobStore, int, Task> look)
    {
        var random = new Random(17);
        byte[] whole = store[name];
        for (int i = 0; i < times; i++)
        {
            int position = random.Next(whole.Length);
            byte[] flipped = [.. whole];
            flipped[position] ^= (byte)(1 << random.Next(8));
            MemoryBlobStore copy = store.Copy();
            copy[name] = flipped;
            await look(copy, position);
        }
    }

    private static void AssertDocuments(ShardModel model, Shard shard)
    {
        Assert.Equal(model.Documents.Count, shard.Measure().Documents);
        Assert.Equal(model.TotalLength, shard.Measure().TotalLength);
        foreach (string key in ShardDrawings.Keys)
        {
            Assert.Equal(model.Documents.GetValueOrDefault(key)?.Stored, shard.Fetch(key));
        }
    }

    private static byte[] Signed(string json)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        return [.. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(System.IO.Hashing.XxHash3.Hash(bytes)) + "\n"), .. bytes];
    }
}
