using System.Globalization;
using System.Text;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.Encoders.Contract;
using Platform.EndToEnd.Tests.Cluster;
using Platform.Evaluation.Collections;
using Platform.Silo.Tests;
using Platform.Testing;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests;

/// <summary>Hybrid searches of real collections by BM25 and a small dense model.</summary>
public sealed class HybridRunsTests(ITestOutputHelper output)
{
    private const int Depth = 100;

    private static readonly EncoderContract Dense = ContractPresets.LionDense() with { Bos = 256, MaxQueryTokens = 32, MaxPassageTokens = 64 };

    [RedisAndTestDataTheory]
    [InlineData("scifact", "test")]
    [InlineData("nfcorpus", "dev")]
    public async Task Fused_runs_are_what_fusing_the_two_run_files_gives_and_identical_for_1_and_4_shards_and_1_and_3_processes(string name, string split)
    {
        BeirCollection collection = BeirCollection.Open(TestData.PathOf("collections", name));
        List<string> runs = [];
        foreach ((int processes, int shards) in ((int, int)[])[(1, 1), (3, 4)])
        {
            await using TestCluster cluster = await TestCluster.StartAsync(processes);
            using PlatformClient client = cluster.NewClient();
            _ = await TinyModel.ImportAsync(cluster.ModelDirectory, "tiny", "1", Dense);
            var run = new CollectionRun(client, collection, split);
            await run.IngestAsync(name, shards, options: new IngestOptions { MaxRetries = 50 }, dense: new DenseSpec { Encoder = "tiny@1" });
            string lexical = await run.SearchAsync(name, Depth, "lexical");
            string dense = await run.SearchAsync(name, Depth, "dense");
            string byRank = await run.SearchAsync(name, Depth, "hybrid", new FusionSpec { Depth = Depth });
            string byScore = await run.SearchAsync(name, Depth, "hybrid", new FusionSpec { Method = "min_max", DenseWeight = 0.2, Depth = Depth });

            Assert.Equal(Fuse(lexical, dense, ReciprocalRank), byRank);
            Assert.Equal(Fuse(lexical, dense, MinMax), byScore);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}, {processes} processes, {shards} shards: nDCG@10 lexical {run.NdcgAt10(lexical):0.0000}, dense {run.NdcgAt10(dense):0.0000}, rrf {run.NdcgAt10(byRank):0.0000}, min_max {run.NdcgAt10(byScore):0.0000}"));
            runs.Add(string.Concat(lexical, dense, byRank, byScore));
        }

        Assert.True(runs[0] == runs[1], "the runs differ");
    }

    private static double ReciprocalRank(IReadOnlyList<Line> lexical, IReadOnlyList<Line> dense, string id) =>
        Reciprocal(lexical, id) + Reciprocal(dense, id);

    private static double Reciprocal(IReadOnlyList<Line> list, string id) =>
        list.FirstOrDefault(line => line.Id == id) is { } found ? 1.0 / (60 + found.Rank) : 0;

    private static double MinMax(IReadOnlyList<Line> lexical, IReadOnlyList<Line> dense, string id) =>
        ((1 - 0.2) * Scaled(lexical, id)) + (0.2 * Scaled(dense, id));

    private static double Scaled(IReadOnlyList<Line> list, string id)
    {
        if (list.FirstOrDefault(line => line.Id == id) is not { } found)
        {
            return 0;
        }

        double least = list.Min(line => line.Score);
        double largest = list.Max(line => line.Score);
        return largest > least ? (found.Score - least) / (largest - least) : 1;
    }

    /// <summary>The run of a fusion, computed from two run files.</summary>
    private static string Fuse(string lexical, string dense, Func<IReadOnlyList<Line>, IReadOnlyList<Line>, string, double> scoreOf)
    {
        ILookup<string, Line> first = Read(lexical);
        ILookup<string, Line> second = Read(dense);
        var run = new StringBuilder();
        foreach (string query in second.Select(group => group.Key))          // the dense leg finds something for each query
        {
            Line[][] lists = [[.. first[query]], [.. second[query]]];
            var fused = lists.SelectMany(list => list).Select(line => line.Id).Distinct()
                .Select(id => (Id: id, Score: scoreOf(lists[0], lists[1], id)))
                .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id, StringComparer.Ordinal)
                .Take(Depth);
            int rank = 0;
            foreach ((string id, double score) in fused)
            {
                run.Append(CultureInfo.InvariantCulture, $"{query} Q0 {id} {++rank} {score:R} end-to-end\n");
            }
        }

        return run.ToString();
    }

    private static ILookup<string, Line> Read(string run) => run.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' '))
        .ToLookup(parts => parts[0], parts => new Line(parts[2], int.Parse(parts[3], CultureInfo.InvariantCulture), double.Parse(parts[4], CultureInfo.InvariantCulture)));

    private sealed record Line(string Id, int Rank, double Score);
}
