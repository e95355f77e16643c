using System.Text.Json;
using Platform.Cli.Commands;
using Platform.Cli.Tests.Fakes;
using Platform.Testing;

namespace Platform.Cli.Tests.Commands;

public sealed class ModelCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Models => Path.Combine(_folder.Path, "models");

    [TestDataFact]
    public async Task The_real_checkpoint_is_verified_against_its_reference_numbers()
    {
        (int exitCode, TestTerminal terminal) = await RunAsync("model", "verify", Stories);

        Assert.Equal(ExitCodes.Ok, exitCode);
        Assert.Contains("6 cases compared, 0 off by more than 0.001", terminal.Output, StringComparison.Ordinal);
    }

    [TestDataFact]
    public async Task A_model_is_imported_listed_inspected_and_verified()
    {
        Assert.Equal(ExitCodes.Ok, (await RunAsync("model", "import", Stories, "--id", "stories", "--contract", "lion-sparse")).ExitCode);

        JsonElement listed = await JsonOfAsync("model", "list");
        JsonElement inspected = await JsonOfAsync("model", "inspect", "stories");
        JsonElement verified = await JsonOfAsync("model", "verify", "stories");

        Assert.Equal(["nano-dense", "nano-sparse", "stories"], listed.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        Assert.Equal(260_032, inspected.GetProperty("parameters").GetInt64());
        Assert.Equal("F32", inspected.GetProperty("elementTypes")[0].GetString());
        Assert.Equal("sparse", inspected.GetProperty("contract").GetProperty("head").GetString());
        Assert.Equal(64, inspected.GetProperty("contractHash").GetString()!.Length);
        Assert.True(verified.GetProperty("sound").GetBoolean());
        Assert.True(verified.GetProperty("checksumsCompared").GetBoolean());
        Assert.InRange(verified.GetProperty("largestDifference").GetDouble(), 0, 1e-3);
    }

    [TestDataFact]
    public async Task A_changed_file_is_found_and_is_a_failure()
    {
        await RunAsync("model", "import", Stories, "--id", "stories");
        string config = Directory.EnumerateFiles(Models, "config.json", SearchOption.AllDirectories).Single();
        await File.AppendAllTextAsync(config, " ");

        (int exitCode, TestTerminal terminal) = await RunAsync("model", "verify", "stories");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("config.json has ", terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_weights_is_refused_in_one_line()
    {
        (int exitCode, TestTerminal terminal) = await RunAsync("model", "import", _folder.Path);

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("holds neither model.safetensors nor model.safetensors.index.json", terminal.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("owner/name")]
    [InlineData("hf:owner")]
    public async Task What_is_no_model_of_a_hub_is_wrong_usage(string reference) =>
        Assert.Equal(ExitCodes.Usage, (await RunAsync("model", "pull", reference)).ExitCode);

    [Fact]
    public async Task A_hub_that_does_not_have_the_model_is_told_with_the_remedy()
    {
        await using StubGateway hub = await StubGateway.AnsweringAsync("{}", status: 404);

        (int exitCode, TestTerminal terminal) = await RunAsync("model", "pull", "hf:owner/name", "--hub", hub.Url);

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("answers 404. Check owner, name and revision", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_store_lists_what_comes_with_the_platform_and_says_how_to_fill_it()
    {
        (int exitCode, TestTerminal terminal) = await RunAsync("model", "list");

        Assert.Equal(ExitCodes.Ok, exitCode);
        Assert.Contains("nano-sparse", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("platform model import DIR", terminal.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Stories => TestData.PathOf("models", "stories260K");

    private async Task<(int ExitCode, TestTerminal Terminal)> RunAsync(params string[] arguments)
    {
        var terminal = new TestTerminal();
        return (await terminal.RunAsync([.. arguments, "--models", Models]), terminal);
    }

    private async Task<JsonElement> JsonOfAsync(params string[] arguments)
    {
        (int exitCode, TestTerminal terminal) = await RunAsync([.. arguments, "--json"]);
        Assert.Equal(ExitCodes.Ok, exitCode);
        return JsonElement.Parse(terminal.Output);
    }
}
