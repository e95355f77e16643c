using Platform.Client;
using Platform.EndToEnd.Tests.Cluster;
using Platform.Evaluation.Collections;
using Platform.Testing;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests;

/// <summary>Ranking does not depend on how an index is spread or on what was deleted from it, and its quality is the published one.</summary>
public sealed class IdenticalRunsTests(ITestOutputHelper output)
{
    [RedisAndTestDataTheory]
    [InlineData("scifact", "test", 1000, 0.678, 0.004)]
    [InlineData("cranfield", "test", 1000, 0.403, 0.005)]
    [InlineData("squad-dev", "test", 100, 0.870, 0.004)]
    [InlineData("msmarco-dl", "test-dl19", 1000, 0.454, 0.006)]
    public async Task Runs_are_identical_for_1_4_and_16_shards_1_and_3_processes_and_after_deleting_and_adding_a_third(
        string name, string split, int depth, double expectedNdcgAt10, double tolerance)
    {
        BeirCollection collection = BeirCollection.Open(TestData.PathOf("collections", name));
        Dictionary<string, string> runs = [];
        foreach (int processes in (int[])[1, 3])
        {
            await using TestCluster cluster = await TestCluster.StartAsync(processes);
            using PlatformClient client = cluster.NewClient();
            var run = new CollectionRun(client, collection, split);
            foreach (int shards in (int[])[1, 4, 16])
            {
                string index = $"{name}-{shards}";
                await run.IngestAsync(index, shards);
                runs[$"{processes} processes, {shards} shards"] = await run.SearchAsync(index, depth);
            }

            await run.DeleteAndAddAThirdAsync($"{name}-4");
            runs[$"{processes} processes, 4 shards, a third deleted and added again"] = await run.SearchAsync($"{name}-4", depth);
        }

        string first = runs.Values.First();
        double ndcg = new CollectionRun(null!, collection, split).NdcgAt10(first);
        output.WriteLine($"{name} {split}: nDCG@10 {ndcg:0.0000}, {runs.Count} runs of {first.Length} bytes");
        Assert.All(runs, run => Assert.True(first == run.Value, $"the run of {run.Key} differs"));
        Assert.InRange(ndcg, expectedNdcgAt10 - tolerance, expectedNdcgAt10 + tolerance);
    }
}
