using System.Text.Json;
using Platform.Cli.Commands;
using Platform.Cli.Tests.Fakes;
using Platform.Testing;

namespace Platform.Cli.Tests.Commands;

[Collection(LiveTests.Name)]
public sealed class EvalTests(LivePlatform platform) : IDisposable
{
    private static readonly string[] Metrics = ["nDCG@10", "MRR@10", "MAP", "Recall@100", "Recall@1000", "P@10"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_evaluation_prints_one_object_with_the_metrics_and_writes_run_judgements_and_report()
    {
        var terminal = new TestTerminal();

        int exitCode = await terminal.RunAsync("eval", "--collection", Toy(), "--output", Output("toy"), "--json");

        Assert.True(exitCode == ExitCodes.Ok, terminal.Error);
        JsonElement report = JsonDocument.Parse(terminal.Output).RootElement;
        Assert.Equal(Metrics, report.GetProperty("metrics").EnumerateObject().Select(metric => metric.Name));
        Assert.Equal(3, report.GetProperty("counts").GetProperty("documents").GetInt32());

        // Of the three judged queries one finds its document first, one second, and one is not in queries.jsonl.
        Assert.Equal(0.5, report.GetProperty("metrics").GetProperty("MRR@10").GetDouble(), 9);
        string[] run = (await RunOf("toy")).TrimEnd().Split('\n');
        Assert.Equal(["q2 Q0 d3 1", "q1 Q0 d1 1", "q1 Q0 d2 2"], run.Select(line => string.Join(' ', line.Split(' ')[..4])));
        Assert.All(run, line => Assert.EndsWith(" platform-lexical", line, StringComparison.Ordinal));
        Assert.Contains("q1 0 d2 1\n", await File.ReadAllTextAsync(Path.Combine(Output("toy"), "qrels.trec")), StringComparison.Ordinal);
        string written = await File.ReadAllTextAsync(Path.Combine(Output("toy"), "report.json"));
        Assert.Equal(3, JsonDocument.Parse(written).RootElement.GetProperty("perQuery").GetArrayLength());
    }

    [Fact]
    public async Task Without_json_an_evaluation_is_a_table_and_names_its_folder()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCodes.Ok, await terminal.RunAsync("eval", "--collection", Toy(), "--output", Output("table")));

        Assert.All(Metrics, metric => Assert.Contains(metric, terminal.Output, StringComparison.Ordinal));
        Assert.Contains($"are in {Output("table")}.", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("nothing was found for 1 of the judged queries", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_query_s_own_document_is_dropped_only_on_request()
    {
        string collection = Toy(queryId: "d1");

        await new TestTerminal().RunAsync("eval", "--collection", collection, "--output", Output("with"));
        await new TestTerminal().RunAsync("eval", "--collection", collection, "--output", Output("without"), "--drop-self");

        Assert.Contains("d1 Q0 d1 1 ", await RunOf("with"), StringComparison.Ordinal);
        Assert.DoesNotContain("d1 Q0 d1", await RunOf("without"), StringComparison.Ordinal);
        Assert.Contains("d1 Q0 d2 1 ", await RunOf("without"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_running_platform_the_index_is_kept_only_on_request()
    {
        string[] evaluate = ["eval", "--collection", Toy(), "--output", Output("remote"), "--url", platform.Url, "--index", "toy"];

        Assert.Equal(ExitCodes.Ok, await platform.NewTerminal().RunAsync(evaluate));
        Assert.Equal(ExitCodes.Failed, await platform.NewTerminal().RunAsync("index", "show", "toy"));

        Assert.Equal(ExitCodes.Ok, await platform.NewTerminal().RunAsync([.. evaluate, "--keep"]));
        Assert.Equal(ExitCodes.Ok, await platform.NewTerminal().RunAsync("index", "show", "toy"));
        string first = await RunOf("remote");

        Assert.Equal(ExitCodes.Ok, await platform.NewTerminal().RunAsync([.. evaluate, "--existing"]));
        Assert.Equal(ExitCodes.Ok, await platform.NewTerminal().RunAsync("index", "show", "toy"));
        Assert.Equal(first, await RunOf("remote"));
    }

    [Fact]
    public async Task An_index_that_was_there_before_is_neither_filled_nor_deleted()
    {
        await platform.NewTerminal().RunAsync("index", "create", "precious");
        TestTerminal terminal = platform.NewTerminal();

        int exitCode = await terminal.RunAsync(
            "eval", "--collection", Toy(), "--output", Output("precious"), "--url", platform.Url, "--index", "precious");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("precious", terminal.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await platform.NewTerminal().RunAsync("index", "show", "precious"));
    }

    [Theory]
    [InlineData("--depth is 0; it must be 1 to 10,000.", "--depth", "0")]
    [InlineData("--concurrency is 65; it must be 1 to 64.", "--concurrency", "65")]
    [InlineData("has no split 'dev'; it has test.", "--split", "dev")]
    [InlineData("--existing needs --url and --index", "--existing")]
    public async Task What_can_not_be_evaluated_is_told_before_anything_starts(string told, params string[] options)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCodes.Usage, await terminal.RunAsync([.. (string[])["eval", "--collection", Toy()], .. options]));

        Assert.Contains(told, terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collection_that_is_not_there_is_named()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCodes.Failed, await terminal.RunAsync("eval", "--collection", "/no/such"));

        Assert.Contains("/no/such", terminal.Error, StringComparison.Ordinal);
    }

    [TestDataFact]
    public async Task BM25_on_ADI_has_its_known_effectiveness_and_the_same_run_on_any_shards_at_any_concurrency()
    {
        string collection = TestData.PathOf("collections", "adi");
        var terminal = new TestTerminal();

        int exitCode = await terminal.RunAsync("eval", "--collection", collection, "--output", Output("1"), "--json");
        await new TestTerminal().RunAsync(
            "eval", "--collection", collection, "--output", Output("4"), "--shards", "4", "--concurrency", "16");

        Assert.True(exitCode == ExitCodes.Ok, terminal.Error);
        double ndcg = JsonDocument.Parse(terminal.Output).RootElement.GetProperty("metrics").GetProperty("nDCG@10").GetDouble();
        Assert.InRange(ndcg, 0.474 - 0.006, 0.474 + 0.006);
        Assert.Equal(await RunOf("1"), await RunOf("4"));
    }

    private string Output(string name) => Path.Combine(_folder.Path, "out", name);

    private Task<string> RunOf(string name) => File.ReadAllTextAsync(Path.Combine(Output(name), "run.trec"));

    /// <summary>Three documents; judged are two queries that are there, in this order, and one that is not.</summary>
    private string Toy(string queryId = "q1")
    {
        _folder.FileOf(
            "toy/corpus.jsonl",
            "{\"_id\":\"d1\",\"title\":\"\",\"text\":\"wing wing slipstream\"}",
            "{\"_id\":\"d2\",\"title\":\"\",\"text\":\"a wing of a bird and of an aircraft\"}",
            "{\"_id\":\"d3\",\"title\":\"Heat\",\"text\":\"conduction\"}");
        _folder.FileOf(
            "toy/queries.jsonl",
            "{\"_id\":\"unjudged\",\"text\":\"wing\"}",
            "{\"_id\":\"q2\",\"text\":\"heat\"}",
            $"{{\"_id\":\"{queryId}\",\"text\":\"wing\"}}");
        _folder.FileOf("toy/qrels/test.tsv", "query-id\tcorpus-id\tscore", $"{queryId}\td2\t1", "q2\td3\t1", "q3\td3\t1");
        return Path.Combine(_folder.Path, "toy");
    }
}
