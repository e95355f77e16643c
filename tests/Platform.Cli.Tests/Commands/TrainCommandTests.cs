using System.Text.Json;
using Platform.Cli.Commands;
using Platform.Cli.Tests.Fakes;

namespace Platform.Cli.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private static readonly string[] Things = ["wing", "river", "engine", "letter", "garden", "number", "window", "mountain"];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_recipe_becomes_a_model_of_the_store()
    {
        string recipe = Recipe(steps: 4);

        TestTerminal terminal = await RunAsync("run", recipe, "--json");

        JsonElement made = JsonDocument.Parse(terminal.Output).RootElement;
        Assert.Equal(4, made.GetProperty("steps").GetInt32());
        string name = made.GetProperty("model").GetString()!;
        Assert.StartsWith("small@", name, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(made.GetProperty("folder").GetString()!, "contract.json")));
        Assert.Equal(name, JsonDocument.Parse((await RunAsync("run", recipe, "--json")).Output).RootElement.GetProperty("model").GetString());
    }

    [Fact]
    public async Task Cancelled_it_is_saved_and_says_how_to_go_on()
    {
        string recipe = Recipe(steps: 100_000);
        using var stop = new CancellationTokenSource();
        var terminal = new TestTerminal { Time = new CancelAfter(stop, reads: 400) };

        int exitCode = await terminal.RunAsync(stop.Token, "train", "run", recipe, "--models", Models, "--threads", "1");

        Assert.Equal(ExitCodes.Cancelled, exitCode);
        Assert.Contains("Stopped and saved at step ", terminal.Error, StringComparison.Ordinal);
        Assert.Contains($"train run {recipe}", terminal.Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(Path.Combine(_folder.Path, "training", "small"), "step-*"));
    }

    [Fact]
    public async Task A_recipe_with_faults_is_wrong_usage_and_broken_data_are_a_failure()
    {
        var usage = new TestTerminal();
        Assert.Equal(ExitCodes.Usage, await usage.RunAsync("train", "run", _folder.FileOf("bad.json", """{"name": "x", "data": [], "steps": 0}"""), "--models", Models));
        Assert.Contains("steps is 0", usage.Error, StringComparison.Ordinal);

        string recipe = Recipe(steps: 4);
        _ = _folder.FileOf("pairs.jsonl", """{"query": "a"}""");
        var failure = new TestTerminal();
        Assert.Equal(ExitCodes.Failed, await failure.RunAsync("train", "run", recipe, "--models", Models));
        Assert.Contains("pairs.jsonl' line 1: found no positive", failure.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Negatives_are_mined_into_a_file()
    {
        string mined = Path.Combine(_folder.Path, "mined.jsonl");

        TestTerminal terminal = await RunAsync("mine", Recipe(steps: 1), mined, "--negatives", "2");

        Assert.StartsWith("Wrote ", terminal.Output, StringComparison.Ordinal);
        Assert.All(await File.ReadAllLinesAsync(mined), line => Assert.InRange(JsonDocument.Parse(line).RootElement.GetProperty("neg").GetArrayLength(), 1, 2));
    }

    public void Dispose() => _folder.Dispose();

    private string Models => Path.Combine(_folder.Path, "models");

    private async Task<TestTerminal> RunAsync(params string[] arguments)
    {
        var terminal = new TestTerminal();
        int exitCode = await terminal.RunAsync(["train", .. arguments, "--models", Models]);
        Assert.True(exitCode == ExitCodes.Ok, terminal.Error);
        return terminal;
    }

    private string Recipe(int steps)
    {
        _ = _folder.FileOf("pairs.jsonl", [.. Things.SelectMany(thing => Things.Select(other =>
            $$"""{"query": "the {{thing}} of the {{other}}", "positive": "A {{thing}} that belongs to a {{other}} is here."}"""))]);
        return _folder.FileOf("small.json", $$"""
            {"name": "small", "steps": {{steps}}, "batch": 4, "maxQueryTokens": 12, "maxPassageTokens": 16, "data": [{"file": "pairs.jsonl"}],
             "create": {"vocabulary": 512, "hidden": 16, "layers": 1, "heads": 2, "keyValueHeads": 1, "intermediate": 24, "maxPositions": 32} }
            """);
    }

    /// <summary>A clock that presses Ctrl-C when it was read so often: some steps into the training, on any machine.</summary>
    private sealed class CancelAfter(CancellationTokenSource stop, int reads) : TimeProvider
    {
        private int _reads;

        public override long GetTimestamp()
        {
            if (Interlocked.Increment(ref _reads) == reads)
            {
                stop.Cancel();
            }

            return base.GetTimestamp();
        }
    }
}
