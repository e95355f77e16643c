using System.Diagnostics;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.EndToEnd.Tests.Cluster;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests;

/// <summary>What was acknowledged is there after a kill -9, once.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Documents = 50_000;
    private const int ChecksAtOnce = 16;

    [RedisFact]
    public async Task Killing_one_of_3_processes_during_ingest_loses_and_doubles_no_acknowledged_document()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(3);
        using PlatformClient client = cluster.NewClient();
        await client.CreateIndexAsync(new IndexSpec { Name = "docs", Shards = 8 });

        HashSet<string> acknowledged = [];
        var clock = Stopwatch.StartNew();
        TimeSpan killedAt = default;
        TimeSpan lastAcknowledgement = default;
        TimeSpan longestPause = default;
        var options = new IngestOptions { MaxItemsPerRequest = 500, MaxRetries = 50 };
        await foreach (IngestResult result in client.IngestResultsAsync("docs", Generate(), options))
        {
            if (result.IsAcknowledged)
            {
                Assert.True(acknowledged.Add(result.Id), $"{result.Id} was acknowledged twice");
                if (killedAt != default && clock.Elapsed - lastAcknowledgement > longestPause)
                {
                    longestPause = clock.Elapsed - lastAcknowledgement;
                }

                lastAcknowledgement = clock.Elapsed;
            }

            if (acknowledged.Count == Documents / 3 && killedAt == default)
            {
                await cluster.Processes[1].KillAsync();
                killedAt = clock.Elapsed;
            }
        }

        output.WriteLine($"{acknowledged.Count} of {Documents} acknowledged in {clock.Elapsed.TotalSeconds:0.0} s; killed at {killedAt.TotalSeconds:0.0} s; longest pause between acknowledgements after it {longestPause.TotalSeconds:0.00} s");
        await AssertAllThereOnceAsync(client, acknowledged);
        Assert.Equal(Documents, acknowledged.Count);
    }

    [Fact]
    public async Task Killing_the_only_process_during_ingest_loses_no_acknowledged_document()
    {
        DirectoryInfo data = Directory.CreateTempSubdirectory("platform-e2e-");
        try
        {
            HashSet<string> acknowledged = [];
            string key;
            await using (PlatformProcess process = await PlatformProcess.StartAsync(data.FullName))
            {
                key = process.Key!;
                using PlatformClient client = NewClient(process, key, retries: 0);
                await client.CreateIndexAsync(new IndexSpec { Name = "docs", Shards = 4 });
                var options = new IngestOptions { MaxItemsPerRequest = 250, MaxRetries = 0 };
                try
                {
                    await foreach (IngestResult result in client.IngestResultsAsync("docs", Generate().Take(20_000), options))
                    {
                        if (result.IsAcknowledged && acknowledged.Add(result.Id) && acknowledged.Count == 8_000)
                        {
                            await process.KillAsync();
                        }
                    }
                }
                catch (IngestStoppedException e)
                {
                    output.WriteLine($"{acknowledged.Count} acknowledged before: {e.Message}");
                }
            }

            await using PlatformProcess restarted = await PlatformProcess.StartAsync(data.FullName);
            using PlatformClient after = NewClient(restarted, key, retries: 4);
            Assert.Null(restarted.Key);
            Assert.True(acknowledged.Count >= 8_000);
            IndexStatistics statistics = await after.GetStatisticsAsync("docs");
            Assert.InRange(statistics.Documents, acknowledged.Count, 20_000);
            await AssertFoundAsync(after, acknowledged);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task AssertAllThereOnceAsync(PlatformClient client, HashSet<string> acknowledged)
    {
        IndexStatistics statistics = await client.GetStatisticsAsync("docs");
        Assert.True(statistics.Coverage.Complete, string.Join("; ", statistics.Coverage.Failed));
        Assert.Equal(acknowledged.Count, statistics.Documents);
        await AssertFoundAsync(client, acknowledged);
    }

    /// <summary>Every document can be fetched; of every tenth, its own word finds it and nothing else.</summary>
    private static async Task AssertFoundAsync(PlatformClient client, IEnumerable<string> ids) => await Parallel.ForEachAsync(
        ids, new ParallelOptions { MaxDegreeOfParallelism = ChecksAtOnce }, async (id, token) =>
        {
            Assert.NotNull(await client.GetDocumentAsync("docs", id, token));
            if (id.EndsWith('7'))
            {
                SearchResponse found = await client.SearchAsync("docs", new SearchRequest { Text = $"word{id}", Fields = [] }, token);
                Assert.Equal([id], found.Hits.Select(hit => hit.Id));
            }
        });

    private static PlatformClient NewClient(PlatformProcess process, string key, int retries) =>
        new(new PlatformClientOptions { Endpoints = [process.Url], ApiKey = key, MaxRetries = retries });

    /// <summary>Documents of one word of their own and 20 of 1,000 common words, by a fixed seed.</summary>
    private static async IAsyncEnumerable<BulkItem> Generate()
    {
        var random = new Random(20261122);
        for (int i = 0; i < Documents; i++)
        {
            string id = $"d{i:D6}";
            yield return new BulkItem { Id = id, Text = $"word{id} {string.Join(' ', Enumerable.Range(0, 20).Select(_ => $"common{random.Next(1000)}"))}" };
        }

        await Task.CompletedTask;
    }
}
