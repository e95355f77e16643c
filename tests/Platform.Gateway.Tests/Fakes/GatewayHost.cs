using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Gateway.Hosting;

namespace Platform.Gateway.Tests.Fakes;

/// <summary>The gateway alone, on a free port of this machine, in front of <see cref="InMemoryGrains"/>.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GatewayHost(WebApplication app, InMemoryGrains grains, ErrorLog errors)
    {
        _app = app;
        Grains = grains;
        Errors = errors;
        Address = new Uri(app.Urls.First());
        Client = ClientFor(InMemoryGrains.AcmeKey);
    }

    public InMemoryGrains Grains { get; }

    public Uri Address { get; }

    /// <summary>Acts for tenant <c>acme</c>.</summary>
    public HttpClient Client { get; }

    /// <summary>What was logged at level error or above.</summary>
    public ErrorLog Errors { get; }

    public static async Task<GatewayHost> StartAsync(params (string Option, string Value)[] options)
    {
        var grains = new InMemoryGrains();
        var errors = new ErrorLog();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(options.Select(o => KeyValuePair.Create($"Gateway:{o.Option}", (string?)o.Value)));
        builder.Logging.ClearProviders().AddProvider(errors.Provider);
        builder.Services.AddSingleton<IGrainFactory>(grains);
        builder.Services.AddPlatformGateway(builder.Configuration);
        WebApplication app = builder.Build();
        app.MapPlatformGateway();
        await app.StartAsync(CancellationToken.None);
        return new GatewayHost(app, grains, errors);
    }

    /// <summary>A client with another key, or with none.</summary>
    public HttpClient ClientFor(string? key)
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Stops the server as SIGTERM does.</summary>
    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
