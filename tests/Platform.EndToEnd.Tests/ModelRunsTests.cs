using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.EndToEnd.Tests.Cluster;
using Platform.Evaluation.Collections;
using Platform.Silo.Tests;
using Platform.Testing;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests;

/// <summary>Indexes whose text a model encodes, over HTTP and in several processes.</summary>
public sealed class ModelRunsTests(ITestOutputHelper output)
{
    [RedisAndTestDataTheory]
    [InlineData("scifact", "test")]
    public async Task Runs_of_a_model_are_identical_for_1_and_3_processes_whatever_the_batches(string name, string split)
    {
        BeirCollection collection = BeirCollection.Open(TestData.PathOf("collections", name));
        Dictionary<string, string> runs = [];
        foreach ((int processes, int shards, int itemsPerRequest) in ((int, int, int)[])[(1, 1, 1000), (3, 4, 37)])
        {
            await using TestCluster cluster = await TestCluster.StartAsync(processes);
            using PlatformClient client = cluster.NewClient();
            _ = await TinyModel.ImportAsync(cluster.ModelDirectory, "tiny", "1");
            var run = new CollectionRun(client, collection, split);
            await run.IngestAsync(name, shards, "tiny@1", new IngestOptions { MaxItemsPerRequest = itemsPerRequest, MaxRetries = 50 });
            runs[$"{processes} processes, {shards} shards, {itemsPerRequest} items a request"] = await run.SearchAsync(name, depth: 100);
        }

        string first = runs.Values.First();
        output.WriteLine($"{name} {split}: {runs.Count} runs of {first.Length} bytes");
        Assert.True(first.Length > 0);
        Assert.All(runs, run => Assert.True(first == run.Value, $"the run of {run.Key} differs"));
    }

    [RedisFact]
    public async Task Killing_an_encoder_process_in_the_middle_of_an_ingest_loses_and_doubles_no_document()
    {
        const int Documents = 3000;
        await using TestCluster cluster = await TestCluster.StartWithRolesAsync("index", "encoder", "encoder", "gateway");
        using var client = new PlatformClient(new PlatformClientOptions { Endpoints = [cluster.Processes[^1].Url], ApiKey = cluster.Key, MaxRetries = 20 });
        _ = await TinyModel.ImportAsync(cluster.ModelDirectory, "tiny", "1");
        await client.CreateIndexAsync(new IndexSpec { Name = "docs", Shards = 2, Encoder = "tiny@1" });

        HashSet<string> acknowledged = [];
        bool killed = false;
        IAsyncEnumerable<BulkItem> items = Enumerable.Range(0, Documents).Select(i => new BulkItem { Id = $"{i}", Text = $"text {i}" }).ToAsyncEnumerable();
        await foreach (IngestResult result in client.IngestResultsAsync("docs", items, new IngestOptions { MaxItemsPerRequest = 100, MaxRetries = 50 }))
        {
            Assert.True(result.IsAcknowledged, result.ToString());
            Assert.True(acknowledged.Add(result.Id), $"{result.Id} was acknowledged twice");
            if (!killed && acknowledged.Count > Documents / 3)
            {
                killed = true;
                await cluster.Processes[1].KillAsync();
            }
        }

        Assert.True(killed);
        Assert.Equal(Documents, acknowledged.Count);
        IndexStatistics statistics = await client.GetStatisticsAsync("docs");
        Assert.Equal(Documents, statistics.Documents);
        SearchResponse found = await client.SearchAsync("docs", new SearchRequest { Text = "text 123", Top = 1000, DeadlineMilliseconds = 60_000 });
        Assert.Equal(1000, found.Hits.Select(hit => hit.Id).Distinct().Count());
    }
}
