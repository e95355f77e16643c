using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.EndToEnd.Tests.Cluster;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>The product on Azure's blobs, as Azurite plays them.</summary>
public sealed class AzureTests(AzuriteServer azurite) : IClassFixture<AzuriteServer>
{
    private const int Documents = 3000;

    [AzuriteFact]
    public async Task After_a_kill_a_process_with_an_empty_folder_gives_the_same_results()
    {
        string container = NewContainer();
        string before;
        string key;
        await using (TestCluster first = await TestCluster.StartInAzureAsync(1, await azurite.ConnectAsync(), container))
        {
            key = first.Key;
            using PlatformClient client = first.NewClient();
            await IngestAsync(client, shards: 4);
            before = await SearchAsync(client);
            await first.Processes[0].KillAsync();
            Assert.Contains($"/devstoreaccount1/{container}", first.Processes[0].Output, StringComparison.Ordinal);
            Assert.DoesNotContain("AccountKey", first.Processes[0].Output, StringComparison.Ordinal);
        }

        await using TestCluster second = await TestCluster.StartInAzureAsync(1, await azurite.ConnectAsync(), container, key);
        using PlatformClient after = second.NewClient();
        Assert.Null(second.Processes[0].Key);
        Assert.Equal(before, await SearchAsync(after));
        Assert.Equal(Documents, (await after.GetStatisticsAsync("docs")).Documents);
    }

    [RedisAndAzuriteFact]
    public async Task Three_processes_share_a_container_and_no_folder_and_one_may_be_killed()
    {
        await using TestCluster cluster = await TestCluster.StartInAzureAsync(3, await azurite.ConnectAsync(), NewContainer());
        using PlatformClient client = cluster.NewClient();
        await IngestAsync(client, shards: 8);
        string before = await SearchAsync(client);
        await cluster.Processes[1].KillAsync();
        using PlatformClient other = cluster.NewClient(cluster.Processes[0]);
        Assert.Equal(before, await SearchAsync(other));
        Assert.Equal(Documents, (await other.GetStatisticsAsync("docs")).Documents);
    }

    private static string NewContainer() => $"c{Guid.NewGuid():N}";

    private static async Task IngestAsync(PlatformClient client, int shards)
    {
        await client.CreateIndexAsync(new IndexSpec { Name = "docs", Shards = shards });
        IngestSummary summary = await client.IngestAsync("docs", Generate(), new IngestOptions { MaxItemsPerRequest = 500 });
        Assert.True(summary.IsComplete);
    }

    /// <summary>The hits of 50 queries, in full, as one text.</summary>
    private static async Task<string> SearchAsync(PlatformClient client)
    {
        var random = new Random(5);
        var lines = new List<string>();
        for (int i = 0; i < 50; i++)
        {
            string text = $"common{random.Next(100)} common{random.Next(100)} common{random.Next(100)}";
            SearchResponse found = await client.SearchAsync("docs", new SearchRequest { Text = text, Top = 20, Fields = [] });
            Assert.True(found.Coverage.Complete, $"{text}: {found.Coverage}");
            lines.AddRange(found.Hits.Select(hit => FormattableString.Invariant($"{i} {hit.Id} {hit.Score:R}")));
        }

        return string.Join('\n', lines);
    }

    private static async IAsyncEnumerable<BulkItem> Generate()
    {
        var random = new Random(4);
        for (int i = 0; i < Documents; i++)
        {
            yield return new BulkItem { Id = $"d{i}", Text = string.Join(' ', Enumerable.Range(0, 20).Select(_ => $"common{random.Next(100)}")) };
        }

        await Task.CompletedTask;
    }
}
