using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Platform.Client.Tests.Fakes;

/// <summary>A real Kestrel server on a free loopback port, whose answers the test writes.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private FakeGateway(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    /// <summary>Every request so far, in the order of arrival; its body read to the end.</summary>
    public ConcurrentQueue<ReceivedRequest> Received { get; } = new();

    /// <param name="answerAsync">Gets the request and its number, from 1.</param>
    public static async Task<FakeGateway> StartAsync(Func<HttpContext, ReceivedRequest, Task> answerAsync)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var gateway = new FakeGateway(app);
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var request = new ReceivedRequest(
                Interlocked.Increment(ref gateway._requests),
                context.Request.Method,
                context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                context.Request.Headers.ToDictionary(
                    header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                System.Text.Encoding.UTF8.GetString(body.ToArray()));
            gateway.Received.Enqueue(request);
            await answerAsync(context, request);
        });
        await app.StartAsync(CancellationToken.None);
        gateway.Url = new Uri(app.Urls.Single());
        return gateway;
    }

    /// <summary>A loopback address where nothing listens.</summary>
    public static async Task<Uri> UnreachableAsync()
    {
        await using FakeGateway gateway = await StartAsync((_, _) => Task.CompletedTask);
        return gateway.Url;
    }

    public PlatformClientOptions Options(params Uri[] further) => new()
    {
        Endpoints = [Url, .. further],
        ApiKey = "pk_test",
        RequestTimeout = Timeout.InfiniteTimeSpan,
        JitterSeed = 1,
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>What the fake gateway got.</summary>
internal sealed record ReceivedRequest(
    int Number, string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? IdempotencyKey => Headers.GetValueOrDefault("Idempotency-Key");

    public string[] Lines => Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string[] Ids =>
        [.. Lines.Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!)];
}
