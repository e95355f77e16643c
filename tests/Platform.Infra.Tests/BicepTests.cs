using System.Reflection;
using System.Text.Json;
using Platform.Testing;

namespace Platform.Infra.Tests;

public sealed class BicepTests
{
    private const UnixFileMode Runnable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static string Infra { get; } = Path.Combine(Repository.Root, "infra");

    [Fact]
    public async Task The_template_compiles_without_a_warning_and_states_every_output_that_azd_is_asked_for()
    {
        ToolRun run = await ToolRun.StartAsync(Compiler(), "build", Path.Combine(Infra, "main.bicep"), "--stdout");

        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        using JsonDocument template = JsonDocument.Parse(run.Output);
        HashSet<string> outputs = [.. template.RootElement.GetProperty("outputs").EnumerateObject().Select(output => output.Name)];
        Assert.Empty(AzureYaml.Load().Variables.Except(outputs).Except(AzureYaml.OfAzdItself));
    }

    [Fact]
    public async Task The_parameter_file_names_parameters_of_the_template_and_all_that_have_no_default()
    {
        ToolRun run = await ToolRun.StartAsync(Compiler(), "build", Path.Combine(Infra, "main.bicep"), "--stdout");
        using JsonDocument template = JsonDocument.Parse(run.Output);
        using JsonDocument file = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Infra, "main.parameters.json")));
        List<string> given = [.. file.RootElement.GetProperty("parameters").EnumerateObject().Select(parameter => parameter.Name)];
        List<JsonProperty> known = [.. template.RootElement.GetProperty("parameters").EnumerateObject()];

        Assert.Empty(given.Except(known.Select(parameter => parameter.Name)));
        Assert.Empty(known.Where(parameter => !parameter.Value.TryGetProperty("defaultValue", out _)).Select(parameter => parameter.Name).Except(given));
    }

    [Fact]
    public async Task No_resource_can_be_reached_with_a_key_and_no_output_or_secret_is_in_the_template()
    {
        ToolRun run = await ToolRun.StartAsync(Compiler(), "build", Path.Combine(Infra, "main.bicep"), "--stdout");

        Assert.DoesNotContain("listKeys", run.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"allowSharedKeyAccess\": false", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"accessKeysAuthentication\": \"Disabled\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"disableLocalAccounts\": true", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"adminUserEnabled\": false", run.Output, StringComparison.Ordinal);
    }

    /// <summary>The compiler out of its package; packages lose the mark that makes a file a program.</summary>
    private static string Compiler()
    {
        string folder = typeof(BicepTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "BicepFolder").Value!;
        string program = Path.Combine(folder, "tools", "bicep");
        if (!OperatingSystem.IsWindows() && !File.GetUnixFileMode(program).HasFlag(UnixFileMode.UserExecute))
        {
            File.SetUnixFileMode(program, Runnable);
        }

        return program;
    }
}
