using System.Globalization;
using System.Text.Json;
using Platform.Cli.Commands;
using Platform.Cli.Tests.Fakes;
using Platform.Testing;

namespace Platform.Cli.Tests.Commands;

/// <summary>Evaluations by vectors that another encoder made: Universal Sentence Encoder Lite on SciFact.</summary>
public sealed class EvalVectorsTests : IDisposable
{
    private const int Depth = 100;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestDataFact]
    public async Task Given_vectors_score_as_published_and_their_fusion_with_BM25_is_that_of_the_two_run_files_whatever_the_shards()
    {
        double dense = await EvaluateAsync("dense", "dense");
        double lexical = await EvaluateAsync("lexical", "lexical");
        _ = await EvaluateAsync("hybrid", "rrf", "--shards", "4", "--fusion-depth", "100");
        _ = await EvaluateAsync("hybrid", "minmax", "--shards", "2", "--fusion", "min_max", "--dense-weight", "0.25");

        Assert.Equal(0.2103, dense, 4);                              // numpy's exact inner product
        Assert.InRange(lexical, 0.67, 0.69);
        Dictionary<string, Hit[]> first = Read("lexical");
        Dictionary<string, Hit[]> second = Read("dense");
        AssertFused(first, second, Read("rrf"), (a, b, id) => Reciprocal(a, id) + Reciprocal(b, id));
        AssertFused(first, second, Read("minmax"), (a, b, id) => (0.75 * Scaled(a, id)) + (0.25 * Scaled(b, id)));
    }

    private static double Reciprocal(Hit[] list, string id) => list.FirstOrDefault(hit => hit.Id == id) is { } found ? 1.0 / (60 + found.Rank) : 0;

    private static double Scaled(Hit[] list, string id)
    {
        double least = list.Length == 0 ? 0 : list.Min(hit => hit.Score);
        return list.FirstOrDefault(hit => hit.Id == id) is { } found ? (found.Score - least) / (list.Max(hit => hit.Score) - least) : 0;
    }

    private static void AssertFused(
        Dictionary<string, Hit[]> first, Dictionary<string, Hit[]> second, Dictionary<string, Hit[]> fused, Func<Hit[], Hit[], string, double> scoreOf)
    {
        Assert.Equal(second.Keys.Order(StringComparer.Ordinal), fused.Keys.Order(StringComparer.Ordinal));
        foreach ((string query, Hit[] hits) in fused)
        {
            Hit[] a = first.GetValueOrDefault(query, []);
            Hit[] b = second[query];
            var expected = a.Concat(b).Select(hit => hit.Id).Distinct()
                .Select(id => (Id: id, Score: scoreOf(a, b, id)))
                .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id, StringComparer.Ordinal)
                .Take(Depth);
            Assert.Equal(expected, hits.Select(hit => (hit.Id, hit.Score)));
        }
    }

    private async Task<double> EvaluateAsync(string mode, string run, params string[] more)
    {
        var terminal = new TestTerminal();
        int exitCode = await terminal.RunAsync(
        [
            "eval", "--collection", TestData.PathOf("collections", "scifact"), "--vectors", TestData.PathOf("models", "use-lite", "scifact"),
            "--mode", mode, "--depth", Depth.ToString(CultureInfo.InvariantCulture), "--output", Path.Combine(_folder.Path, run), "--json", .. more,
        ]);
        Assert.True(exitCode == ExitCodes.Ok, terminal.Error);
        return JsonDocument.Parse(terminal.Output).RootElement.GetProperty("metrics").GetProperty("nDCG@10").GetDouble();
    }

    private Dictionary<string, Hit[]> Read(string run) => File.ReadLines(Path.Combine(_folder.Path, run, "run.trec"))
        .Select(line => line.Split(' '))
        .GroupBy(parts => parts[0], parts => new Hit(parts[2], int.Parse(parts[3], CultureInfo.InvariantCulture), double.Parse(parts[4], CultureInfo.InvariantCulture)))
        .ToDictionary(group => group.Key, group => group.ToArray());

    private sealed record Hit(string Id, int Rank, double Score);
}
