using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.EndToEnd.Tests.Cluster;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests;

/// <summary>Dense and hybrid searches over HTTP, in one process and in several, and after a kill -9.</summary>
public sealed class DenseRunsTests(ITestOutputHelper output)
{
    private const int Documents = 3_000;
    private const int Dimensions = 48;

    private static readonly string[] Words = ["wing", "slipstream", "heat", "transfer", "plate", "shock", "wave", "flow", "cone", "drag"];

    private static readonly IngestOptions Options = new() { MaxItemsPerRequest = 200, MaxRetries = 50 };

    [RedisFact]
    public async Task Dense_and_hybrid_answers_are_identical_for_1_and_4_shards_and_1_and_3_processes()
    {
        Dictionary<string, string> answers = [];
        foreach (int processes in (int[])[1, 3])
        {
            await using TestCluster cluster = await TestCluster.StartAsync(processes);
            using PlatformClient client = cluster.NewClient();
            foreach (int shards in (int[])[1, 4])
            {
                string index = $"vectors-{shards}";
                await client.CreateIndexAsync(new IndexSpec { Name = index, Shards = shards, Dense = new DenseSpec { Dimensions = Dimensions, Precision = "int8" } });
                IngestSummary summary = await client.IngestAsync(index, Enumerable.Range(0, Documents).Select(Document).ToAsyncEnumerable(), Options);
                Assert.True(summary.IsComplete);
                answers[$"{processes} processes, {shards} shards"] = await AnswersAsync(client, index);
            }
        }

        output.WriteLine($"{answers.Count} times {answers.Values.First().Length} characters");
        Assert.All(answers, answer => Assert.True(answers.Values.First() == answer.Value, $"the answers of {answer.Key} differ"));
    }

    [Fact]
    public async Task Vectors_that_were_acknowledged_before_a_kill_are_found_after_it_with_their_scores()
    {
        DirectoryInfo data = Directory.CreateTempSubdirectory("platform-e2e-");
        try
        {
            string key;
            HashSet<string> acknowledged = [];
            await using (PlatformProcess process = await PlatformProcess.StartAsync(data.FullName))
            {
                key = process.Key!;
                using PlatformClient client = NewClient(process, key);
                await client.CreateIndexAsync(new IndexSpec { Name = "docs", Shards = 2, Encoder = "none", Dense = new DenseSpec { Dimensions = Dimensions } });
                await foreach (IngestResult result in client.IngestResultsAsync("docs", Enumerable.Range(0, Documents).Select(Document).ToAsyncEnumerable(), Options))
                {
                    Assert.True(result.IsAcknowledged, result.ToString());
                    acknowledged.Add(result.Id);
                }

                await process.KillAsync();
            }

            await using PlatformProcess restarted = await PlatformProcess.StartAsync(data.FullName);
            using PlatformClient after = NewClient(restarted, key);
            IndexStatistics statistics = await after.GetStatisticsAsync("docs");
            Assert.Equal((Documents, Documents), (statistics.Documents, statistics.Vectors));
            Assert.Equal(Documents, acknowledged.Count);
            float[] query = Vector(-1);
            SearchResponse answer = await after.SearchAsync("docs", new SearchRequest { Dense = new DenseVector(query), Top = 50, Fields = [], DeadlineMilliseconds = 60_000 });
            string[] expected = [.. Enumerable.Range(0, Documents)
                .Select(i => (Id: $"{i}", Score: Vector(i).Zip(query).Sum(pair => (double)pair.First * pair.Second)))
                .OrderByDescending(hit => hit.Score).Take(50).Select(hit => hit.Id)];
            Assert.Equal(expected, answer.Hits.Select(hit => hit.Id));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<string> AnswersAsync(PlatformClient client, string index)
    {
        List<string> lines = [];
        for (int query = 0; query < 12; query++)
        {
            var dense = new DenseVector(Vector(-1 - query));
            string text = $"{Words[query % Words.Length]} {Words[(query * 3) % Words.Length]}";
            foreach (string? method in (string?[])[null, "rrf", "min_max", "z_score"])
            {
                var request = new SearchRequest
                {
                    Text = method is null ? null : text,
                    Dense = dense,
                    Fusion = method is null ? null : new FusionSpec { Method = method, Depth = 200 },
                    Top = 100,
                    Fields = [],
                    Explain = true,
                    DeadlineMilliseconds = 60_000,
                };
                SearchResponse answer = await client.SearchAsync(index, request);
                Assert.True(answer.Coverage.Complete);
                Assert.Equal(100, answer.Hits.Count);
                lines.AddRange(answer.Hits.Select(hit => $"{query} {method} {hit.Id} {hit.Score:R} {string.Join(' ', hit.Legs ?? [])}"));
            }
        }

        return string.Join('\n', lines);
    }

    private static BulkItem Document(int i) => new()
    {
        Id = $"{i}",
        Text = string.Join(' ', Enumerable.Range(0, 1 + (i % 6)).Select(word => Words[(i + (word * word)) % Words.Length])),
        Dense = new DenseVector(Vector(i)),
    };

    private static float[] Vector(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Dimensions).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    private static PlatformClient NewClient(PlatformProcess process, string key) =>
        new(new PlatformClientOptions { Endpoints = [process.Url], ApiKey = key, MaxRetries = 4 });
}
