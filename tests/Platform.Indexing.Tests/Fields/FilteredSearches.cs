using Platform.Indexing.Dense;
using Platform.Indexing.Fields;
using Platform.Indexing.Lexical;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;
using Platform.Indexing.Tests.Shards;
using Platform.Indexing.Tests.Storage;

namespace Platform.Indexing.Tests.Fields;

/// <summary>Filters of every selectivity over files of some windows, a memory segment and deletions, against a list that is filtered afterwards.</summary>
public sealed class FilteredSearches(FilteredSearches.FilledShard collection) : IClassFixture<FilteredSearches.FilledShard>
{
    private const int Documents = 40_000;
    private const int Dimensions = 8;

    [Theory]
    [InlineData(0.0001)]
    [InlineData(0.001)]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void A_filtered_search_returns_what_matches_of_the_unfiltered_list_and_never_fewer(double selectivity)
    {
        Shard shard = collection.Shard;
        FieldFilter[] filters =
        [
            new FieldFilter.Between("rank", 0, (long)(selectivity * Documents) - 1),             // spread over all blocks
            new FieldFilter.Between("topic-rank", 0, (long)(selectivity * Documents) - 1),       // similar documents, in few blocks
            new FieldFilter.Every([new FieldFilter.Exists("rank", FieldKind.Scalar), new FieldFilter.Except(new FieldFilter.Between("rank", (long)(selectivity * Documents), long.MaxValue))]),
        ];
        var lexical = ShardComparison.WithStatistics([("red", 1), ("blue", 2)], [shard]);
        var sparse = ImpactQuery.Quantise([1, 7, 20, 33], [1, 0.7f, 1.3f, 0.4f]);
        var signed = ImpactQuery.Quantise([1, 7], [1, -0.5f]);
        float[] dense = [1, -1, 0.5f, 0, 2, 0, -0.3f, 0.7f];
        foreach (FieldFilter filter in filters)
        {
            HashSet<string> matching = [.. collection.Live.Where(document => FilterOracle.Matches(filter, document.Value)).Select(document => document.Key)];
            Assert.Equal(matching.Count, shard.Count(filter, CancellationToken.None));
            foreach (int k in (int[])[1, 10, 1000])
            {
                AssertSame(shard.Search(lexical, Documents, CancellationToken.None), shard.Search(lexical, k, filter, CancellationToken.None), matching, k);
                AssertSame(Sparse(shard, sparse, Documents, null), Sparse(shard, sparse, k, filter), matching, k);
                AssertSame(Sparse(shard, signed, Documents, null), Sparse(shard, signed, k, filter), matching, k);
                AssertSame(shard.SearchDense(dense, Documents, CancellationToken.None), shard.SearchDense(dense, k, filter, CancellationToken.None), matching, k);
            }
        }
    }

    private static ShardHit[] Sparse(Shard shard, ImpactQuery query, int k, FieldFilter? filter) =>
        shard.Search(query, ShardModel.DocumentScale, k, SparsePruning.None, filter, CancellationToken.None).Hits;

    private static void AssertSame(ShardHit[] all, ShardHit[] filtered, HashSet<string> matching, int k)
    {
        ShardHit[] expected = [.. all.Where(hit => matching.Contains(hit.DocumentKey)).Take(k)];
        Assert.Equal(expected, filtered);
    }

    /// <summary>A shard of two files and a memory segment, a tenth of its documents deleted.</summary>
    public sealed class FilledShard : IAsyncLifetime
    {
        private Shard? _shard;

        internal Shard Shard => _shard!;

        internal Dictionary<string, FieldValue[]> Live { get; } = new(StringComparer.Ordinal);

        public async Task InitializeAsync()
        {
            var random = new Random(3);
            int[] ranks = [.. Enumerable.Range(0, Documents)];
            random.Shuffle(ranks);
            _shard = await Shard.OpenAsync(new MemoryBlobStore(), "s", new ShardOptions { SealAtBytes = 1 << 30, MergeFactor = 64 }, CancellationToken.None);
            for (int begin = 0; begin < Documents; begin += 2000)
            {
                var batch = new ShardBatch();
                for (int i = begin; i < begin + 2000; i++)
                {
                    Add(batch, random, i, ranks[i]);
                }

                await _shard.ApplyAsync(batch.ToArray());
                if (begin is 18_000 or 36_000)
                {
                    await _shard.SealAsync();
                }
            }

            var deletes = new ShardBatch();
            foreach (string key in Live.Keys.Where((_, i) => i % 10 == 3).ToList())
            {
                deletes.Delete(Guid.NewGuid(), key);
                Live.Remove(key);
            }

            await _shard.ApplyAsync(deletes.ToArray());
            Assert.Equal(2, _shard.Measure().Segments);
        }

        public async Task DisposeAsync() => await Shard.DisposeAsync();

        private void Add(ShardBatch batch, Random random, int i, int rank)
        {
            int topic = random.Next(40);
            FieldValue[] fields = [FieldValue.OfScalar("rank", rank), FieldValue.OfScalar("topic-rank", (topic * 1000L) + (rank % 1000)), FieldValue.OfKeywords("topic", $"{topic}")];
            var sparse = new SortedDictionary<int, byte> { [topic] = (byte)random.Next(100, 256) };
            for (int t = 0; t < 6; t++)
            {
                sparse[random.Next(60)] = (byte)random.Next(1, 120);
            }

            string[] terms = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => ShardDrawings.Terms[random.Next(4)])];
            float[] vector = random.Next(10) == 0 ? [] : [.. Enumerable.Range(0, Dimensions).Select(_ => random.Next(-9, 10) / 4f)];
            string key = $"{i}";
            Live.Add(key, fields);
            batch.Upsert(
                Guid.NewGuid(), key, [], TermVector.Pack(terms), [.. sparse.Keys], [.. sparse.Values], vector, VectorPrecision.Float32, FieldValue.Pack(fields));
        }
    }
}
