using System.Net;
using System.Net.Http.Headers;
using System.Net.NetworkInformation;
using Platform.Cli.Hosting;

namespace Platform.Cli.Tests.Hosting;

/// <summary>A process as a deployment configures it: a key from a vault, measurements for a scraper.</summary>
public sealed class DeployedProcessTests : IDisposable
{
    private const string GivenKey = "pk_0123456789ab_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE";
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("platform-deployed-");

    [Fact]
    public async Task The_key_of_the_configuration_is_valid_from_the_first_start_and_never_printed()
    {
        await using RunningPlatform platform = await StartAsync(new() { ["Security:FirstKey"] = GivenKey });

        Assert.Null(platform.FirstKey);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(new Uri(platform.Url, "v1/indexes"), GivenKey));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(new Uri(platform.Url, "v1/indexes"), GivenKey + "x"));
    }

    [Fact]
    public async Task Another_key_at_a_later_start_is_taken_besides()
    {
        string other = GivenKey.Replace("pk_0", "pk_1", StringComparison.Ordinal);
        await using (await StartAsync(new() { ["Security:FirstKey"] = GivenKey }))
        {
        }

        await using RunningPlatform platform = await StartAsync(new() { ["Security:FirstKey"] = other });
        Assert.Equal(HttpStatusCode.OK, await GetAsync(new Uri(platform.Url, "v1/indexes"), other));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(new Uri(platform.Url, "v1/indexes"), GivenKey));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("pk_0123456789ab_short")]
    public async Task A_key_that_could_be_guessed_is_refused_without_being_told(string key)
    {
        var refused = await Assert.ThrowsAsync<PlatformConfigurationException>(() => StartAsync(new() { ["Security:FirstKey"] = key }));

        string fault = Assert.Single(refused.Faults);
        Assert.Contains("Security:FirstKey", fault, StringComparison.Ordinal);
        Assert.DoesNotContain(key, fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Measurements_are_shown_at_their_own_address_and_nowhere_else()
    {
        string metrics = $"http://127.0.0.1:{FreePort()}";
        await using RunningPlatform platform = await StartAsync(new() { ["Telemetry:MetricsUrl"] = metrics });
        using var http = new HttpClient();
        await http.GetStringAsync(new Uri(platform.Url, "health/live"));

        string page = await http.GetStringAsync(new Uri(new Uri(metrics), "metrics"));

        Assert.NotEqual(new Uri(metrics), platform.Url);
        Assert.All((string[])["http_server_request_duration", "orleans_", "dotnet_gc_"], word => Assert.Contains(word, page, StringComparison.Ordinal));
        Assert.NotEqual(HttpStatusCode.OK, await GetAsync(new Uri(platform.Url, "metrics"), GivenKey));
    }

    [Fact]
    public async Task An_address_of_measurements_that_is_none_is_refused()
    {
        var refused = await Assert.ThrowsAsync<PlatformConfigurationException>(() => StartAsync(new() { ["Telemetry:MetricsUrl"] = "9464" }));

        Assert.Contains("Telemetry:MetricsUrl is '9464'", Assert.Single(refused.Faults), StringComparison.Ordinal);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private Task<RunningPlatform> StartAsync(Dictionary<string, string?> configuration) => PlatformHost.StartAsync(
        new ServeSettings { DataDirectory = _data.FullName, Url = "http://127.0.0.1:0", Quiet = true, Configuration = configuration }, CancellationToken.None);

    private static async Task<HttpStatusCode> GetAsync(Uri address, string key)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using HttpResponseMessage answer = await http.GetAsync(address);
        return answer.StatusCode;
    }

    /// <summary>A port below the range from which the system takes ports for outgoing connections.</summary>
    private static int FreePort()
    {
        HashSet<int> taken = [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port)];
        return Enumerable.Range(15_000 + (Environment.ProcessId % 4_000), 900).First(port => !taken.Contains(port));
    }
}
