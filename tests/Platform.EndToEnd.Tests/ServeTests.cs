using Platform.EndToEnd.Tests.Cluster;

namespace Platform.EndToEnd.Tests;

/// <summary>A process of the platform as its operators see it.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("platform-e2e-");

    [Fact]
    public async Task A_process_asked_to_stop_drains_and_exits_with_0()
    {
        await using PlatformProcess process = await PlatformProcess.StartAsync(_data.FullName);
        using var http = new HttpClient { BaseAddress = process.Url };
        Assert.True((await http.GetAsync("/health/live")).IsSuccessStatusCode);
        Assert.True((await http.GetAsync("/health/ready")).IsSuccessStatusCode);

        Assert.Equal(0, await process.TerminateAsync());
    }

    [Fact]
    public async Task The_first_start_on_a_folder_prints_a_key_and_later_ones_do_not()
    {
        await using (PlatformProcess first = await PlatformProcess.StartAsync(_data.FullName))
        {
            Assert.NotNull(first.Key);
            Assert.Contains(_data.FullName, first.Output, StringComparison.Ordinal);
            string stored = string.Concat(Directory.EnumerateFiles(_data.FullName, "*", SearchOption.AllDirectories).Select(File.ReadAllText));
            Assert.DoesNotContain(first.Key, stored, StringComparison.Ordinal);
            await first.TerminateAsync();
        }

        await using PlatformProcess second = await PlatformProcess.StartAsync(_data.FullName);
        Assert.Null(second.Key);
    }

    [Fact]
    public async Task A_configuration_with_several_faults_is_refused_with_all_of_them_before_start()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => PlatformProcess.StartAsync(
            "/proc/no-such-folder", "--membership", "redis", "--cluster-id", "Not Valid", "--silo-port", "99999"));

        Assert.Contains("Cluster:Redis", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Cluster:ClusterId", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Cluster:SiloPort", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Storage:DataDirectory", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Delete(recursive: true);
}
