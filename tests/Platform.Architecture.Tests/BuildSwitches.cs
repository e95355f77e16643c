using System.Diagnostics;
using System.Text.Json;
using Platform.Testing;

namespace Platform.Architecture.Tests;

/// <summary>What a property on the command line of a build changes in a room's packages.</summary>
public sealed class BuildSwitches
{
    [Fact]
    public async Task The_processor_is_what_torch_is_built_for_and_cuda_takes_its_place_by_a_property()
    {
        string[] plain = await PackagesAsync("Platform.Encoders");
        string[] cuda = await PackagesAsync("Platform.Encoders", "-p:TorchBackend=cuda");

        Assert.Superset(new HashSet<string> { "TorchSharp", "libtorch-cpu-linux-x64" }, [.. plain]);
        Assert.DoesNotContain("TorchSharp-cuda-linux", plain);
        Assert.Equal(plain.Except(["TorchSharp", "libtorch-cpu-linux-x64"]).Append("TorchSharp-cuda-linux").Order(StringComparer.Ordinal), cuda);
    }

    [Fact]
    public async Task Grain_state_goes_through_Orleans_own_Azure_provider_by_a_property_only()
    {
        const string Provider = "Microsoft.Orleans.Persistence.AzureStorage";
        string[] plain = await PackagesAsync("Platform.Silo");
        string[] azure = await PackagesAsync("Platform.Silo", "-p:OrleansAzureStorage=true");

        Assert.DoesNotContain(Provider, plain);
        Assert.Contains(Provider, azure);
        Assert.Empty(plain.Except(azure));
    }

    /// <summary>The packages that a room references under these properties, ascending; nothing is restored or built.</summary>
    private static async Task<string[]> PackagesAsync(string room, params string[] properties)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string project = Path.Combine(Repository.Root, "src", room, $"{room}.csproj");
        foreach (string argument in (string[])["msbuild", project, "-getItem:PackageReference", "-nodeReuse:false", .. properties])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return
        [
            .. JsonElement.Parse(output).GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
                .Select(package => package.GetProperty("Identity").GetString()!).Order(StringComparer.Ordinal),
        ];
    }
}
