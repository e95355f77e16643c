using System.Text.Json;
using Platform.Cli.Commands;
using Platform.Cli.Tests.Fakes;
using Platform.Encoders.Contract;
using Platform.Silo.Tests;

namespace Platform.Cli.Tests.Commands;

/// <summary>The vectors of a model, from this process and from a running platform.</summary>
[Collection(LiveTests.Name)]
public sealed class EncodeTests(LivePlatform platform) : IAsyncLifetime
{
    private static readonly EncoderContract Dense = ContractPresets.LionDense() with { Bos = 256, MaxQueryTokens = 32, MaxPassageTokens = 64 };

    public async Task InitializeAsync()
    {
        await TinyModel.ImportAsync(platform.ModelDirectory, "sparse", "1");
        await TinyModel.ImportAsync(platform.ModelDirectory, "dense", "1", Dense);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_sparse_head_is_shown_as_terms_with_weights_heaviest_first()
    {
        string output = await OutputOfAsync("--model", "sparse@1", "--models", platform.ModelDirectory, "--text", "abc", "--query", "--top", "3");

        string[] lines = output.Split('\n');
        Assert.Equal("abc", lines[0].TrimEnd());
        double[] weights = [.. lines.Skip(1).Take(3).Select(line => double.Parse(line.TrimStart().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(weights.OrderDescending(), weights);
        Assert.Matches(@"\d+ terms; the 3 heaviest are shown\.", output);
        Assert.Contains("4 tokens encoded as query by sparse@1 (sparse).", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sparse@1", "sparse")]
    [InlineData("dense@1", "dense")]
    public async Task This_process_and_a_running_platform_give_the_same_vectors(string model, string head)
    {
        JsonElement local = JsonElement.Parse(await OutputOfAsync("--model", model, "--models", platform.ModelDirectory, "--text", "abc", "--text", "wing", "--json"));
        JsonElement remote = JsonElement.Parse(await OutputOfAsync("--model", model, "--url", platform.Url, "--text", "abc", "--text", "wing", "--json"));

        Assert.Equal(head, local.GetProperty("head").GetString());
        Assert.Equal(9, local.GetProperty("tokens").GetInt64());
        Assert.Equal(9, remote.GetProperty("tokens").GetInt64());
        foreach ((JsonElement ours, JsonElement theirs) in local.GetProperty("vectors").EnumerateArray().Zip(remote.GetProperty("vectors").EnumerateArray()))
        {
            string numbers = head == "sparse" ? "values" : "dense";
            float[] expected = [.. ours.GetProperty(numbers).EnumerateArray().Select(number => number.GetSingle())];
            float[] actual = [.. theirs.GetProperty(numbers).EnumerateArray().Select(number => number.GetSingle())];
            Assert.Equal(expected.Length, actual.Length);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            Assert.Equal(head == "sparse", ours.TryGetProperty("terms", out JsonElement terms));
            Assert.True(head == "dense" || terms.ToString() == theirs.GetProperty("terms").ToString());
        }
    }

    [Fact]
    public async Task A_dense_head_is_shown_by_its_length_and_first_numbers() =>
        Assert.Matches(@"32 numbers, length 0\.\d{4}: \S+ \S+ \.\.\.", await OutputOfAsync("--model", "dense@1", "--models", platform.ModelDirectory, "--text", "abc", "--top", "2"));

    [Fact]
    public async Task A_model_that_is_not_there_and_a_blank_text_are_refused()
    {
        TestTerminal absent = platform.NewTerminal();
        TestTerminal remote = platform.NewTerminal();
        TestTerminal blank = platform.NewTerminal();

        Assert.Equal(ExitCodes.Failed, await absent.RunAsync("encode", "--model", "absent@1", "--models", platform.ModelDirectory, "--text", "a"));
        Assert.Equal(ExitCodes.Failed, await remote.RunAsync("encode", "--model", "absent@1", "--url", platform.Url, "--text", "a"));
        Assert.Equal(ExitCodes.Usage, await blank.RunAsync("encode", "--model", "sparse@1", "--text", " "));

        Assert.Contains("'absent@1' is neither a model", absent.Error, StringComparison.Ordinal);
        Assert.Contains("There is no model 'absent@1'", remote.Error, StringComparison.Ordinal);
    }

    private async Task<string> OutputOfAsync(params string[] arguments)
    {
        TestTerminal terminal = platform.NewTerminal();
        int exitCode = await terminal.RunAsync(["encode", .. arguments]);
        Assert.True(exitCode == ExitCodes.Ok, $"{string.Join(' ', arguments)} ended with {exitCode}: {terminal.Error}");
        return terminal.Output;
    }
}
