using Platform.Testing;

namespace Platform.Infra.Tests;

public sealed class ImageTests
{
    private static string[] Lines { get; } = File.ReadAllLines(Path.Combine(Repository.Root, "infra", "docker", "Dockerfile"));

    [Fact]
    public async Task What_is_published_runs_from_its_folder_and_has_the_native_libraries_and_nothing_of_the_tests()
    {
        DirectoryInfo app = Directory.CreateTempSubdirectory("platform-image-");
        try
        {
            ToolRun publish = await ToolRun.StartAsync(
                "dotnet", "publish", Path.Combine("src", "Platform.Cli"), "-c", "Release", "--no-build", "--nologo", "-v", "q", "-o", app.FullName);
            Assert.True(publish.ExitCode == 0, publish.Output + publish.Errors);

            HashSet<string> files = [.. Directory.EnumerateFiles(app.FullName, "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path))];
            Assert.All((string[])["platform", "platform.dll", "libtorch_cpu.so", "libLibTorchSharp.so"], file => Assert.Contains(file, files));
            Assert.DoesNotContain(files, file => file.Contains("xunit", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".Tests.dll", StringComparison.Ordinal));

            ToolRun version = await ToolRun.StartAsync(Path.Combine(app.FullName, "platform"), "--version");
            Assert.True(version.ExitCode == 0, version.Errors);
        }
        finally
        {
            app.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_image_starts_the_published_program_as_nobody_and_without_a_shell()
    {
        Assert.Contains("ENTRYPOINT [\"/app/platform\"]", Lines);
        Assert.Contains("USER 1654", Lines);
        Assert.Contains("chiseled", Lines.Last(line => line.StartsWith("FROM ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain(Lines, line => line.Contains(":latest", StringComparison.Ordinal));
    }

    [Fact]
    public void The_context_has_what_the_build_reads_and_no_more()
    {
        string[] ignore = File.ReadAllLines(Path.Combine(Repository.Root, "infra", "docker", "Dockerfile.dockerignore"));

        Assert.Equal("*", ignore.First(line => line[0] != '#'));
        Assert.All(ignore.Where(line => line[0] == '!').Select(line => line[1..]), entry => Assert.True(Path.Exists(Path.Combine(Repository.Root, entry)), entry));
        Assert.All((string[])["src", "Directory.Build.props", "Directory.Packages.props", "global.json"], entry => Assert.Contains($"!{entry}", ignore));
    }
}
