using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Cli.Tests.Fakes;

/// <summary>A web server that gives one answer to everything, for what the real platform seldom says.</summary>
internal sealed class StubGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StubGateway(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public static Task<StubGateway> AnsweringAsync(string json, int status = 200) => StartAsync(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status == 200 ? "application/json" : "application/problem+json";
        await context.Response.WriteAsync(json, context.RequestAborted);
    });

    public static async Task<StubGateway> StartAsync(RequestDelegate answerAsync)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(answerAsync);
        await app.StartAsync(CancellationToken.None);
        return new StubGateway(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
