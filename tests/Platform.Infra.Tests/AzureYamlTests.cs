using Platform.Testing;

namespace Platform.Infra.Tests;

public sealed class AzureYamlTests
{
    private static readonly string[] Overlays = ["small", "large"];
    private readonly AzureYaml _azure = AzureYaml.Load();

    [Fact]
    public void Every_path_leads_to_something()
    {
        Assert.True(File.Exists(Path.Combine(_azure.Project, "Platform.Cli.csproj")));
        Assert.True(File.Exists(Path.Combine(_azure.Project, _azure.Scalar("services", "platform", "docker", "path"))));
        Assert.Equal(Repository.Root, Path.GetFullPath(Path.Combine(_azure.Project, _azure.Scalar("services", "platform", "docker", "context"))));
        Assert.True(File.Exists(Path.Combine(Repository.Root, _azure.Scalar("infra", "path"), _azure.Scalar("infra", "module") + ".bicep")));
        Assert.True(File.Exists(Path.Combine(Repository.Root, _azure.Scalar("hooks", "postprovision", "posix", "run"))));
        Assert.True(File.Exists(Path.Combine(Repository.Root, _azure.Scalar("hooks", "postprovision", "windows", "run"))));
        string overlay = _azure.Scalar("services", "platform", "k8s", "kustomize", "dir");
        Assert.All(Overlays, preset => Assert.True(
            File.Exists(Path.Combine(_azure.Project, overlay.Replace("${PLATFORM_PRESET=small}", preset, StringComparison.Ordinal), "kustomization.yaml"))));
    }

    [Fact]
    public void The_example_of_an_overlay_s_settings_names_what_azd_writes() => Assert.All(Overlays, preset => Assert.Equal(
        _azure.SettingNames.Order(StringComparer.Ordinal),
        File.ReadLines(Path.Combine(Repository.Root, "infra", "k8s", "overlays", preset, ".env.example"))
            .Where(line => line.Contains('=', StringComparison.Ordinal) && line[0] != '#')
            .Select(line => line[..line.IndexOf('=', StringComparison.Ordinal)])
            .Order(StringComparer.Ordinal)));
}
