using System.Text;
using CsCheck;
using Platform.Indexing.Shards;
using Platform.Indexing.Tests.Storage;

namespace Platform.Indexing.Tests.Shards;

/// <summary>Reading a shard in key order, against a sorted dictionary.</summary>
public sealed class ScrollTests
{
    private static readonly ShardOptions Small = new() { SealAtBytes = 4096, MergeFactor = 3 };

    [Fact]
    public Task Every_page_is_the_next_part_of_the_documents_in_key_order_with_stored_bytes_and_vectors() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 60], Gen.Bool).SampleAsync(async (seed, limit, withText) =>
        {
            await using var run = await Run.StartAsync(seed, withText, Small);
            await run.WriteAsync(rounds: 12);

            List<ShardDocument> read = await run.ReadAllAsync(limit, maxBytes: long.MaxValue, between: 0);

            Assert.Equal(run.Model.Keys, read.Select(document => Encoding.UTF8.GetBytes(document.DocumentKey)), (a, b) => a.AsSpan().SequenceEqual(b));
            Assert.All(read, document => run.AssertIs(document));
        }, iter: 20);

    [Fact]
    public Task What_is_there_all_the_while_is_read_once_and_in_order_however_much_is_written_between_pages() =>
        Gen.Int[0, 1_000_000].SampleAsync(async seed =>
        {
            await using var run = await Run.StartAsync(seed, withText: false, Small);
            await run.WriteAsync(rounds: 8);
            HashSet<string> before = [.. run.Model.Keys.Select(Encoding.UTF8.GetString)];
            run.Deleted.Clear();

            string[] read = [.. (await run.ReadAllAsync(limit: 7, maxBytes: long.MaxValue, between: 1)).Select(document => document.DocumentKey)];

            before.ExceptWith(run.Deleted);
            Assert.Subset(read.ToHashSet(), before);
            Assert.Equal(read.Distinct().OrderBy(key => key, StringComparer.Ordinal), read);
        }, iter: 20);

    [Fact]
    public async Task A_page_has_no_more_bytes_than_asked_but_at_least_one_document()
    {
        await using var run = await Run.StartAsync(seed: 1, withText: false, new ShardOptions());
        await run.WriteAsync(rounds: 3);

        ShardPage one = run.Shard.Scroll(new ScrollRequest(null, 100, MaxBytes: 1, WithVectors: true), CancellationToken.None);
        List<ShardDocument> all = await run.ReadAllAsync(limit: 100, maxBytes: 100, between: 0);

        Assert.True(one.More);
        Assert.Single(one.Documents);
        Assert.Equal(run.Model.Count, all.Count);
    }

    [Fact]
    public async Task Documents_of_an_empty_shard_are_none()
    {
        await using var run = await Run.StartAsync(seed: 1, withText: false, Small);
        ShardPage page = run.Shard.Scroll(new ScrollRequest(null, 5, 1000, WithVectors: true), CancellationToken.None);
        Assert.Equal((0, false), (page.Documents.Count, page.More));
    }

    private sealed class Run : IAsyncDisposable
    {
        private readonly Random _random;
        private readonly bool _withText;

        private Run(Shard shard, int seed, bool withText)
        {
            Shard = shard;
            _random = new Random(seed);
            _withText = withText;
        }

        public Shard Shard { get; }

        public SortedDictionary<byte[], (byte[] Stored, int[] TermIds, byte[] Impacts)> Model { get; } =
            new(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));

        public HashSet<string> Deleted { get; } = [];

        public static async Task<Run> StartAsync(int seed, bool withText, ShardOptions options) =>
            new(await Shard.OpenAsync(new MemoryBlobStore(), "s", options, CancellationToken.None), seed, withText);

        public async Task WriteAsync(int rounds)
        {
            for (int round = 0; round < rounds; round++)
            {
                var batch = new ShardBatch();
                for (int i = 0; i < 20; i++)
                {
                    // keys with a long common beginning, some of them the beginning of others
                    string key = "https://example.org/" + (_random.Next(4) == 0 ? "é" : "") + new string('x', _random.Next(12)) + (char)('a' + _random.Next(20));
                    if (_random.Next(5) == 0)
                    {
                        batch.Delete(Guid.NewGuid(), key);
                        Model.Remove(Encoding.UTF8.GetBytes(key));
                        Deleted.Add(key);
                        continue;
                    }

                    int[] termIds = _withText ? [] : [.. Enumerable.Range(0, 30).Where(_ => _random.Next(4) == 0)];
                    byte[] impacts = [.. termIds.Select(_ => (byte)_random.Next(1, 256))];
                    byte[] stored = Encoding.UTF8.GetBytes($"{{\"n\":{_random.Next()}}}");
                    batch.Upsert(Guid.NewGuid(), key, stored, [], termIds, impacts);
                    Model[Encoding.UTF8.GetBytes(key)] = (stored, termIds, impacts);
                }

                _ = await Shard.ApplyAsync(batch.ToArray());
            }
        }

        public async Task<List<ShardDocument>> ReadAllAsync(int limit, long maxBytes, int between)
        {
            List<ShardDocument> read = [];
            string? after = null;
            while (true)
            {
                ShardPage page = Shard.Scroll(new ScrollRequest(after, limit, maxBytes, WithVectors: true), CancellationToken.None);
                read.AddRange(page.Documents);
                if (!page.More)
                {
                    return read;
                }

                Assert.InRange(page.Documents.Count, 1, limit);
                after = page.Documents[^1].DocumentKey;
                await WriteAsync(between);
            }
        }

        public void AssertIs(ShardDocument document)
        {
            (byte[] stored, int[] termIds, byte[] impacts) = Model[Encoding.UTF8.GetBytes(document.DocumentKey)];
            Assert.Equal(stored, document.Stored);
            Assert.Equal(termIds, document.TermIds);
            Assert.Equal(impacts, document.Impacts);
        }

        public ValueTask DisposeAsync() => Shard.DisposeAsync();
    }
}
