using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Encoders.Tests.Fakes;

/// <summary>A hub on this machine: the listing, ranges, tags, tokens, redirects, and what goes wrong on request.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly WebApplication _app;

    private FakeHub(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Each request's path, range and authorization.</summary>
    public ConcurrentQueue<(string Path, string Range, string Authorization)> Requests { get; } = [];

    /// <summary>The token that is asked for; null for none.</summary>
    public string? Token { get; set; }

    /// <summary>Where files redirect to; null for no redirect.</summary>
    public string? RedirectTo { get; set; }

    /// <summary>Breaks the connection after that many bytes of a file, once.</summary>
    public int? BreakAfter { get; set; }

    /// <summary>Changes when the files do.</summary>
    public string Tag { get; set; } = "\"one\"";

    /// <summary>Flips a byte of what is sent, not of what the listing states.</summary>
    public bool Corrupts { get; set; }

    public static async Task<FakeHub> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var hub = new FakeHub(app);
        app.Run(hub.AnswerAsync);
        await app.StartAsync(CancellationToken.None);
        return hub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        Requests.Enqueue((path, context.Request.Headers.Range.ToString(), context.Request.Headers.Authorization.ToString()));
        if (Token is not null && context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            context.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
        }
        else if (path == "/api/models/owner/name/revision/main")
        {
            await context.Response.WriteAsync(Listing(), context.RequestAborted);
        }
        else if (path.StartsWith($"/owner/name/resolve/{Commit}/", StringComparison.Ordinal) && Files.TryGetValue(path.Split('/')[^1], out byte[]? content))
        {
            await SendAsync(context, content);
        }
        else
        {
            context.Response.StatusCode = (int)HttpStatusCode.NotFound;
        }
    }

    private async Task SendAsync(HttpContext context, byte[] content)
    {
        if (RedirectTo is not null && !context.Request.Query.ContainsKey("again"))
        {
            context.Response.Redirect(RedirectTo == "here" ? $"{context.Request.Path}?again=1" : RedirectTo);
            return;
        }

        int from = context.Request.Headers.IfRange == Tag && context.Request.GetTypedHeaders().Range?.Ranges.Single().From is { } start ? (int)start : 0;
        byte[] sent = [.. content];
        if (Corrupts)
        {
            sent[^1] ^= 1;
        }

        context.Response.Headers.ETag = Tag;
        context.Response.ContentLength = content.Length - from;
        if (from > 0)
        {
            context.Response.StatusCode = (int)HttpStatusCode.PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        if (BreakAfter is { } bytes && bytes < sent.Length - from)
        {
            BreakAfter = null;
            await context.Response.Body.WriteAsync(sent.AsMemory(from, bytes), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(sent.AsMemory(from), context.RequestAborted);
    }

    private string Listing()
    {
        IEnumerable<string> siblings = Files.Select(file => file.Key.EndsWith(".safetensors", StringComparison.Ordinal)
            ? $$"""{"rfilename":"{{file.Key}}","blobId":"x","lfs":{"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(file.Value))}}"},"size":{{file.Value.Length}} }"""
            : $$"""{"rfilename":"{{file.Key}}","size":{{file.Value.Length}},"blobId":"{{GitBlob(file.Value)}}"}""");
        return $$"""{"sha":"{{Commit}}","siblings":[{{string.Join(',', siblings)}}]}""";
    }

    [SuppressMessage("Security", "CA5350", Justification = "Git names files by SHA-1; the test states what a hub states.")]
    private static string GitBlob(byte[] content) =>
        Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
}
