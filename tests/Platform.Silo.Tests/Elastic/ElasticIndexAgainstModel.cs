using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Silo.Tests.Grains;
using Xunit.Abstractions;

namespace Platform.Silo.Tests.Elastic;

/// <summary>Random upserts, deletes, splits, merges, snapshots, restores and restarts against a dictionary. PLATFORM_TEST_OPERATIONS makes it longer, PLATFORM_TEST_SEED repeats one.</summary>
public sealed class ElasticIndexAgainstModel(ITestOutputHelper output)
{
    private const int DefaultOperations = 4_000;
    private const int MostInBatch = 40;

    [Fact]
    public async Task An_index_that_splits_merges_restarts_and_is_restored_holds_what_a_dictionary_holds()
    {
        int operations = Number("PLATFORM_TEST_OPERATIONS", DefaultOperations);
        int seed = Number("PLATFORM_TEST_SEED", 20261125);
        var random = new Random(seed);
        var silo = new RunningSilo();
        silo.Configuration["Shard:SealAtBytes"] = "16384";
        await silo.InitializeAsync();
        try
        {
            await silo.CreateAsync("model", 1);
            var index = new IndexDriver(silo, "model");
            Dictionary<string, string> model = [];
            int done = 0;
            int changes = 0;
            int restarts = 0;
            int restores = 0;
            while (done < operations)
            {
                IngestItem[] batch = [.. Enumerable.Range(0, random.Next(1, MostInBatch)).Select(_ => random.Next(600)).Distinct().Select(key => random.Next(4) == 0
                    ? IndexDriver.Delete($"k{key}")
                    : IndexDriver.Upsert($"k{key}", $"common word{random.Next(1000)} version{done}"))];
                ItemStatus[] expected = [.. batch.Select(item => StatusIn(model, item))];
                Assert.Equal(expected, await index.ApplyAsync(batch));
                Assert.Equal(expected, await index.ApplyAsync(batch));
                done += batch.Length;
                switch (random.Next(12))
                {
                    case 0 or 1 or 2:
                        changes += await ChangeAsync(index, random) ? 1 : 0;
                        break;
                    case 3 when random.Next(6) == 0:
                        await silo.RestartAsync();
                        restarts++;
                        break;
                    case 4 when random.Next(4) == 0:
                        restores++;
                        await RestoreAsync(silo, index, model, $"{restores}", 1 << random.Next(4));
                        break;
                    default:
                        break;
                }

                Assert.Equal(model.Count, (await index.SearchAsync("common", 2_000)).Length);
            }

            CallContext.ActFor("acme");
            await index.EndAsync();
            Assert.Equal(model, index.Texts);
            await index.AssertHoldsAsync();
            output.WriteLine($"seed {seed}: {done} operations, each sent twice, {changes} splits and merges, {restores} snapshots restored, {restarts} restarts, 0 differences");
            Assert.True(changes > 5 && restarts > 0 && restores > 0, $"seed {seed} is no test: {changes} splits and merges, {restores} snapshots, {restarts} restarts");
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    /// <summary>Begins a random split or merge, unless one goes on.</summary>
    private static async Task<bool> ChangeAsync(IndexDriver index, Random random)
    {
        CallContext.ActFor("acme");
        ShardRange[] ranges = (await index.Index.GetAsync(default))!.Shards.Ranges;
        int at = random.Next(ranges.Length);
        int into = 2 << random.Next(2);
        bool splits = random.Next(ranges.Length + 1) < 4 && ranges[at].LastBucket - ranges[at].FirstBucket + 1 >= into;     // 4,096 buckets: a narrow shard has neighbours to merge with
        Exception? refused = await Record.ExceptionAsync(() => splits
            ? index.Index.SplitAsync(ranges[at].Ordinal, into, default)
            : index.Index.MergeAsync([ranges[Math.Min(at, ranges.Length - 2)].Ordinal, ranges[Math.Min(at, ranges.Length - 2) + 1].Ordinal], 1, default));
        Assert.True(refused is null or PlatformException { Kind: FaultKind.Conflict }, refused?.ToString());
        return refused is null;
    }

    /// <summary>Takes a snapshot, changes the index, and holds the snapshot's index against the dictionary as it was.</summary>
    private static async Task RestoreAsync(RunningSilo silo, IndexDriver index, Dictionary<string, string> model, string name, int shards)
    {
        var snapshots = new SnapshotDriving(silo, "model");
        await snapshots.TakeAsync(name);
        Dictionary<string, string> was = model.ToDictionary();
        IngestItem[] later = [.. model.Keys.Take(5).Select(IndexDriver.Delete)];
        await index.ApplyAsync(later);
        Array.ForEach(later, item => StatusIn(model, item));
        await snapshots.RestoreAsync(name, $"model-{name}", shards);
        var restored = new IndexDriver(silo, $"model-{name}");
        was.ToList().ForEach(text => restored.Texts[text.Key] = text.Value);
        await restored.AssertHoldsAsync();
        CallContext.ActFor("acme");
        await silo.Grains.GetGrain<ITenantGrain>("acme").DeleteIndexAsync($"model-{name}", default);
    }

    private static ItemStatus StatusIn(Dictionary<string, string> model, IngestItem item)
    {
        bool was = model.Remove(item.DocumentKey);
        if (item.Delete)
        {
            return was ? ItemStatus.Deleted : ItemStatus.NotFound;
        }

        model[item.DocumentKey] = item.Text!;
        return was ? ItemStatus.Updated : ItemStatus.Created;
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), System.Globalization.CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
