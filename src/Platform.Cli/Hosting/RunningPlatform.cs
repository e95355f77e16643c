using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Indexing.Storage;
using Platform.Silo.Hosting;

namespace Platform.Cli.Hosting;

/// <summary>A started process of the platform.</summary>
internal sealed class RunningPlatform : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningPlatform(WebApplication app, string? firstKey)
    {
        _app = app;
        FirstKey = firstKey;
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        DataDirectory = Path.GetFullPath(app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.DataDirectory);
        Store = app.Services.GetRequiredService<IBlobStore>() is AzureBlobStore azure ? azure.Address.ToString() : DataDirectory;
    }

    /// <summary>Where it serves HTTP.</summary>
    public Uri Url { get; }

    /// <summary>Its folder on this machine.</summary>
    public string DataDirectory { get; }

    /// <summary>Where its data lie: that folder, or a container's address.</summary>
    public string Store { get; }

    /// <summary>The first key of tenant <c>default</c>: only at the first start on this data folder, else null. It is stored nowhere.</summary>
    public string? FirstKey { get; }

    /// <summary>Makes one more key of a tenant.</summary>
    public async Task<string> IssueKeyAsync(string tenant, string label, CancellationToken cancellationToken)
    {
        CallContext.ActFor(CallContext.Platform);
        return await Keys(_app).IssueAsync(tenant, label, cancellationToken);
    }

    /// <summary>Waits for SIGTERM, Ctrl-C or the token, then stops in good order: drains, deactivates, leaves the cluster.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Stops in good order, if it has not stopped yet.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    internal static async Task<RunningPlatform> CreateAsync(WebApplication app, bool holdsIndexes, CancellationToken cancellationToken)
    {
        string? firstKey = null;
        if (holdsIndexes)
        {
            CallContext.ActFor(CallContext.Platform);
            firstKey = await Keys(app).EnsureDefaultAsync(cancellationToken);
        }

        return new RunningPlatform(app, firstKey);
    }

    private static IKeyGrain Keys(WebApplication app) => app.Services.GetRequiredService<IGrainFactory>().GetGrain<IKeyGrain>(IKeyGrain.Key);
}
