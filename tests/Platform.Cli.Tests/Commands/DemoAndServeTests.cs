using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Cli.Commands;
using Platform.Cli.Tests.Fakes;

namespace Platform.Cli.Tests.Commands;

[Collection(LiveTests.Name)]
public sealed partial class DemoAndServeTests
{
    [Fact]
    public async Task The_demo_ends_with_a_table_three_searches_and_what_to_try_next()
    {
        var terminal = new TestTerminal();

        int exitCode = await terminal.RunAsync("demo", "--limit", "3000", "--queries", "20", "--sample", "200");

        Assert.True(exitCode == ExitCodes.Ok, terminal.Error);
        string[] rows = ["nDCG@10", "MRR@10", "Recall@100", "documents/s", "query p50", "query p95"];
        Assert.All(rows, row => Assert.Contains(row, terminal.Output, StringComparison.Ordinal));
        Assert.Equal(3, HitsLine().Count(terminal.Output));
        string[] ways = ["lexical", "sparse", "dense", "hybrid", "p, corrected"];
        Assert.All(ways, way => Assert.Contains(way, terminal.Output, StringComparison.Ordinal));
        Assert.Contains("What to try next:", terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_prints_one_object_for_a_program()
    {
        var terminal = new TestTerminal();

        int exitCode = await terminal.RunAsync("demo", "--limit", "3000", "--queries", "20", "--sample", "200", "--json");

        Assert.True(exitCode == ExitCodes.Ok, terminal.Error);
        JsonElement report = JsonDocument.Parse(terminal.Output).RootElement;
        Assert.Equal(3000, report.GetProperty("counts").GetProperty("documents").GetInt32());
        Assert.Equal(20, report.GetProperty("counts").GetProperty("queries").GetInt32());
        Assert.InRange(report.GetProperty("metrics").GetProperty("nDCG@10").GetDouble(), 0.1, 1);
        Assert.All(
            (string[])["lexical", "sparse", "dense", "hybrid"],
            way => Assert.InRange(report.GetProperty("comparison").GetProperty(way).GetProperty("metrics").GetProperty("nDCG@10").GetDouble(), 0.1, 1));
    }

    [Fact]
    public async Task A_server_prints_its_first_key_once_and_another_on_request_and_stops_with_0()
    {
        using var folder = new TemporaryFolder();

        string first = await ServeAsync(folder.Path);
        string second = await ServeAsync(folder.Path, "--new-key", "default");

        Assert.Contains("The first key of tenant 'default', shown this once:", first, StringComparison.Ordinal);
        Assert.Single(KeyLine().Matches(first));
        Assert.Contains("A new key of tenant 'default', shown this once:", second, StringComparison.Ordinal);
        Assert.Single(KeyLine().Matches(second));
        Assert.Contains($"data in {folder.Path}", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_can_not_be_told_all_that_is_wrong_at_once()
    {
        var terminal = new TestTerminal();

        int exitCode = await terminal.RunAsync("serve", "--roles", "cook", "--membership", "smoke", "--url", "http://127.0.0.1:0");

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.Contains("'cook'", terminal.Error, StringComparison.Ordinal);
        Assert.Contains("'smoke'", terminal.Error, StringComparison.Ordinal);
    }

    /// <summary>Serves until it says that it does, then stops it as Ctrl-C would.</summary>
    private static async Task<string> ServeAsync(string data, params string[] options)
    {
        using var stop = new CancellationTokenSource();
        var output = new WatchedWriter("Ctrl-C stops it");
        var terminal = new TestTerminal();
        Task<int> serving = new CommandLine(terminal.TerminalWritingTo(output)).RunAsync(
            ["serve", "--data", data, "--url", "http://127.0.0.1:0", .. options], stop.Token);
        await Task.WhenAny(output.SeenAsync(), serving);
        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Ok, await serving);
        return output.ToString();
    }

    [GeneratedRegex("[1-3] hits? in ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HitsLine();

    [GeneratedRegex("export PLATFORM_API_KEY=[!-~]{20,}\n", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KeyLine();

    private sealed class WatchedWriter : StringWriter
    {
        private readonly string _awaited;
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public WatchedWriter(string awaited)
        {
            _awaited = awaited;
            NewLine = "\n";
        }

        public Task SeenAsync() => _seen.Task.WaitAsync(TimeSpan.FromMinutes(2));

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith(_awaited, StringComparison.Ordinal) == true)
            {
                _seen.TrySetResult();
            }
        }
    }

    [Fact]
    public async Task A_store_that_does_not_answer_ends_the_start_with_a_sentence_that_says_where_and_holds_no_key()
    {
        using var data = new TemporaryFolder();
        var terminal = new TestTerminal();
        terminal.Environment["CONNECTION"] = "DefaultEndpointsProtocol=http;AccountName=acme;AccountKey=c2VjcmV0a2V5;BlobEndpoint=http://127.0.0.1:1/acme;";

        Assert.Equal(ExitCodes.Failed, await terminal.RunAsync("serve", "--data", data.Path, "--storage", "azure", "--azure-connection", "CONNECTION", "--url", "http://127.0.0.1:0"));

        Assert.Contains("http://127.0.0.1:1/acme/platform: the container's creation failed", terminal.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0a2V5", terminal.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NOT_SET", "'NOT_SET' is not set")]
    [InlineData("AccountName=acme;AccountKey=c2VjcmV0a2V5", "not the connection string itself")]
    public async Task A_connection_string_comes_from_a_variable_and_is_never_shown(string given, string told)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCodes.Usage, await terminal.RunAsync("serve", "--storage", "azure", "--azure-connection", given));

        Assert.Contains(told, terminal.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0a2V5", terminal.Error, StringComparison.Ordinal);
    }
}
