using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Gateway.Hosting;
using Platform.Silo.Hosting;

namespace Platform.Gateway.Tests.Fakes;

/// <summary>The whole platform in this process: gateway and silo with every role, its data in a folder that goes with it.</summary>
public sealed class ServerHost : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("gateway-tests-").FullName;
    private WebApplication? _app;

    public Uri Address => new(App.Urls.First());

    /// <summary>The key of tenant <c>acme</c>.</summary>
    public string AcmeKey { get; private set; } = "";

    /// <summary>The key of tenant <c>globex</c>.</summary>
    public string GlobexKey { get; private set; } = "";

    /// <summary>What the gateway and the web server logged at level error or above.</summary>
    internal ErrorLog Errors { get; } = new();

    private WebApplication App => _app ?? throw new InvalidOperationException("The server has not started.");

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Storage:DataDirectory"] = _data,
            ["Cluster:SiloPort"] = "0",
            ["Cluster:SiloGatewayPort"] = "0",
        });
        builder.Logging.ClearProviders().AddProvider(Errors.Provider).AddFilter("Orleans", LogLevel.None);
        builder.AddPlatformSilo();
        builder.Services.AddPlatformGateway(builder.Configuration);
        _app = builder.Build();
        _app.MapPlatformGateway();
        await _app.StartAsync(CancellationToken.None);
        AcmeKey = await IssueKeyAsync("acme");
        GlobexKey = await IssueKeyAsync("globex");
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>A client with a key, or with none.</summary>
    public HttpClient ClientFor(string? key)
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private async Task<string> IssueKeyAsync(string tenant)
    {
        CallContext.ActFor(CallContext.Platform);
        IKeyGrain keys = App.Services.GetRequiredService<IGrainFactory>().GetGrain<IKeyGrain>(IKeyGrain.Key);
        return await keys.IssueAsync(tenant, "test", CancellationToken.None);
    }
}
