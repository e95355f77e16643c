using Platform.Cli.Hosting;
using Platform.Client;

namespace Platform.Cli.Commands.Evaluating;

/// <summary>A platform in this process, alone, on loopback; on a temporary folder it leaves nothing behind.</summary>
internal sealed class EmbeddedPlatform : IAsyncDisposable
{
    private const string Tenant = "default";

    private readonly RunningPlatform _platform;
    private readonly string? _temporaryFolder;

    private EmbeddedPlatform(RunningPlatform platform, string key, string? temporaryFolder)
    {
        _platform = platform;
        _temporaryFolder = temporaryFolder;
        Key = key;
    }

    /// <summary>Where it serves.</summary>
    public Uri Url => _platform.Url;

    /// <summary>Where its data lie.</summary>
    public string DataDirectory => _platform.DataDirectory;

    /// <summary>A key of the tenant <c>default</c>.</summary>
    public string Key { get; }

    /// <summary>Starts one.</summary>
    /// <param name="dataDirectory">Where the data lie and stay; null for a temporary folder.</param>
    /// <param name="url">Where to serve; null for a free port of loopback.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<EmbeddedPlatform> StartAsync(string? dataDirectory, string? url, CancellationToken cancellationToken)
    {
        string? temporary = dataDirectory is null ? Directory.CreateTempSubdirectory("platform-").FullName : null;
        try
        {
            RunningPlatform platform = await PlatformHost.StartAsync(
                new ServeSettings
                {
                    DataDirectory = dataDirectory ?? temporary,
                    Url = url ?? "http://127.0.0.1:0",
                    Membership = "local",
                    Quiet = true,
                },
                cancellationToken);
            string key = platform.FirstKey ?? await platform.IssueKeyAsync(Tenant, "embedded", cancellationToken);
            return new EmbeddedPlatform(platform, key, temporary);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    /// <summary>A client of it.</summary>
    public PlatformClient Connect() => new(new PlatformClientOptions { Endpoints = [Url], ApiKey = Key });

    /// <summary>Serves until Ctrl-C, SIGTERM or the token.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _platform.WaitForShutdownAsync(cancellationToken);

    /// <summary>Stops it, and removes its data if they were temporary.</summary>
    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        Remove(_temporaryFolder);
    }

    private static void Remove(string? folder)
    {
        if (folder is not null && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
