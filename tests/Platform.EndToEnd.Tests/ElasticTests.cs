using System.Diagnostics;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.EndToEnd.Tests.Cluster;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests;

/// <summary>Real processes whose shards split, merge and move while they are written and read. PLATFORM_TEST_DOCUMENTS makes the index larger.</summary>
public sealed class ElasticTests(ITestOutputHelper output)
{
    private const double MostImbalance = 1.2;

    private static readonly int Documents =
        int.TryParse(Environment.GetEnvironmentVariable("PLATFORM_TEST_DOCUMENTS"), System.Globalization.CultureInfo.InvariantCulture, out int documents) ? documents : 5_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [RedisFact]
    public async Task A_split_into_8_and_a_merge_into_2_under_200_writes_and_20_queries_a_second_fail_no_write_and_no_query()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(3);
        using PlatformClient client = cluster.NewClient();
        await FillAsync(client, shards: 1);
        await using var traffic = new Traffic(cluster.Processes[2].Url, cluster.Key, writesPerSecond: 200, queriesPerSecond: 20, Documents);
        foreach (OperationSpec spec in (OperationSpec[])[new() { Kind = "split", Into = 8 }, new() { Kind = "merge", Into = 2 }])
        {
            OperationDescription ended = await EndAsync(client, await client.BeginOperationAsync("docs", spec));
            Assert.Equal("done", ended.State);
            output.WriteLine($"{spec.Kind}: {(ended.EndedAt - ended.StartedAt)!.Value.TotalSeconds:0.0} s, writes to a shard stopped for {ended.LongestPauseMilliseconds:0} ms at most");
        }

        HashSet<string> written = await traffic.StopAsync();
        output.WriteLine(traffic.ToString());
        Assert.Empty(traffic.Faults);
        ShardList shards = await client.ListShardsAsync("docs");
        Assert.Equal(2, shards.Shards.Count);
        Assert.Equal(Documents + written.Count, shards.Shards.Sum(shard => shard.Documents));
        foreach (string id in written)
        {
            Assert.NotNull(await client.GetDocumentAsync("docs", id));
        }
    }

    [RedisFact]
    public async Task A_fourth_process_gets_its_share_within_a_minute_and_little_more_moves()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(3);
        using PlatformClient client = cluster.NewClient();
        await FillAsync(client, shards: 16);
        await BalancedAsync(client, silos: 3);
        var clock = Stopwatch.StartNew();
        ShardList before = await client.ListShardsAsync("docs");
        await cluster.AddAsync();
        ShardList after = await BalancedAsync(client, silos: 4);
        long moved = after.Shards.Where(shard => before.Shards.Single(other => other.Ordinal == shard.Ordinal).Silo != shard.Silo).Sum(shard => shard.Bytes);
        double share = after.Shards.Sum(shard => shard.Bytes) / 4.0;
        output.WriteLine($"join: max/mean {Imbalance(after, 4):0.00} after {clock.Elapsed.TotalSeconds:0.0} s, start of the process included; {moved / share:0.00} times its share of bytes moved");
        Assert.True(moved <= 1.5 * share, $"{moved} bytes moved; a fourth is {share}");
    }

    private static async Task FillAsync(PlatformClient client, int shards)
    {
        await client.CreateIndexAsync(new IndexSpec { Name = "docs", Shards = shards });
        IngestSummary filled = await client.IngestAsync("docs", Enumerable.Range(0, Documents).Select(i => new BulkItem
        {
            Id = $"d{i}",
            Text = $"word{i} common {string.Join(' ', Enumerable.Range(0, 20).Select(j => $"filler{((i * 31) + (j * 17)) % 997}"))}",
        }).ToAsyncEnumerable());
        Assert.True(filled.IsComplete);
    }

    private static async Task<OperationDescription> EndAsync(PlatformClient client, OperationDescription operation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var limit = new CancellationTokenSource(Limit);
        while (operation.State == "running")
        {
            await timer.WaitForNextTickAsync(limit.Token);
            operation = (await client.GetOperationAsync("docs", operation.Id, limit.Token))!;
        }

        return operation;
    }

    /// <summary>Waits until so many silos hold shards and none much more than the mean: that is promised within a minute.</summary>
    private static async Task<ShardList> BalancedAsync(PlatformClient client, int silos)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            ShardList shards = await client.ListShardsAsync("docs", limit.Token);
            if (shards.Coverage.Complete && shards.Shards.Select(shard => shard.Silo).Distinct().Count() == silos && Imbalance(shards, silos) <= MostImbalance)
            {
                return shards;
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static double Imbalance(ShardList shards, int silos) =>
        shards.Shards.GroupBy(shard => shard.Silo).Max(group => group.Sum(shard => shard.Bytes)) / (shards.Shards.Sum(shard => (double)shard.Bytes) / silos);
}
