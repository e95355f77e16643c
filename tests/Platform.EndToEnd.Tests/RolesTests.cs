using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.EndToEnd.Tests.Cluster;

namespace Platform.EndToEnd.Tests;

/// <summary>A process does what its roles say, and nothing else.</summary>
public sealed class RolesTests
{
    [RedisFact]
    public async Task A_cluster_of_one_process_a_role_ingests_and_searches_and_only_index_processes_hold_shards()
    {
        await using TestCluster cluster = await TestCluster.StartWithRolesAsync("index", "index", "encoder", "gateway");
        using var client = new PlatformClient(new PlatformClientOptions { Endpoints = [cluster.Processes[^1].Url], ApiKey = cluster.Key });
        await client.CreateIndexAsync(new IndexSpec { Name = "docs", Shards = 8 });
        IngestSummary summary = await client.IngestAsync("docs", Enumerable.Range(0, 500).Select(i => new BulkItem { Id = $"{i}", Text = $"word{i} common" }).ToAsyncEnumerable());
        Assert.True(summary.IsComplete);

        SearchResponse found = await client.SearchAsync("docs", new SearchRequest { Text = "word123" });
        Assert.Equal(["123"], found.Hits.Select(hit => hit.Id));

        IndexStatistics statistics = await client.GetStatisticsAsync("docs");
        Assert.Equal(500, statistics.Documents);
        Assert.InRange(statistics.Shards.Select(shard => shard.Silo).Distinct().Count(), 1, 2);
    }

    [RedisFact]
    public async Task A_process_without_the_gateway_role_serves_health_and_nothing_else()
    {
        await using TestCluster cluster = await TestCluster.StartWithRolesAsync("index", "encoder");
        using var http = new HttpClient { BaseAddress = cluster.Processes[1].Url };
        Assert.True((await http.GetAsync("/health/ready")).IsSuccessStatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", cluster.Key);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync("/v1/indexes")).StatusCode);
    }

    [RedisFact]
    public async Task A_cluster_without_an_encoder_process_says_so_and_encodes_once_there_is_one()
    {
        await using TestCluster cluster = await TestCluster.StartWithRolesAsync("index", "gateway");
        using var client = new PlatformClient(new PlatformClientOptions { Endpoints = [cluster.Processes[^1].Url], ApiKey = cluster.Key, MaxRetries = 0 });
        await client.CreateIndexAsync(new IndexSpec { Name = "docs" });

        PlatformClientException fault = await Assert.ThrowsAsync<PlatformClientException>(() => client.SearchAsync("docs", new SearchRequest { Text = "word" }));
        Assert.Contains("None of the cluster's 2 processes has the role 'encoder'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("platform serve --roles encoder", fault.Message, StringComparison.Ordinal);
        PlatformClientException embedding = await Assert.ThrowsAsync<PlatformClientException>(
            () => client.EmbedAsync(new EmbeddingRequest { Model = "any@1", Input = EmbeddingInput.Of("word") }));
        Assert.Equal(ErrorCodes.Unavailable, embedding.Code);
        Assert.Contains("has the role 'encoder'", embedding.Message, StringComparison.Ordinal);

        await cluster.AddAsync("--roles", "encoder");
        using var patient = new PlatformClient(new PlatformClientOptions { Endpoints = [cluster.Processes[1].Url], ApiKey = cluster.Key, MaxRetries = 20 });
        Assert.Empty((await patient.SearchAsync("docs", new SearchRequest { Text = "word" })).Hits);
    }
}
