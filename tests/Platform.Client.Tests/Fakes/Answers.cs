using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Client.Contracts;

namespace Platform.Client.Tests.Fakes;

/// <summary>Answers as the real gateway writes them.</summary>
internal static class Answers
{
    public static Task JsonAsync(this HttpContext context, string json, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    public static Task ProblemAsync(
        this HttpContext context, int status, string code, string detail, string? retryAfter = null)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        var problem = new Problem
        {
            Type = $"urn:platform:error:{code}",
            Title = code,
            Status = status,
            Detail = detail,
            Code = code,
            TraceId = "t-1",
        };
        return context.Response.WriteAsync(
            JsonSerializer.Serialize(problem, PlatformJson.Default.Problem), context.RequestAborted);
    }

    public static async Task LineAsync(this HttpContext context, BulkResult line)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "application/x-ndjson";
        }

        await context.Response.WriteAsync(
            JsonSerializer.Serialize(line, PlatformJson.Default.BulkResult) + "\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>Sends the beginning of a line, and then closes the connection; what was sent before still arrives, unlike with an abort.</summary>
    public static async Task TearAsync(this HttpContext context, string beginning)
    {
        await context.Response.WriteAsync(beginning, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        throw new InvalidOperationException("The test tears the answer here.");
    }

    public static Task SummaryAsync(this HttpContext context) =>
        context.LineAsync(new BulkResult { Line = 0, Status = "summary", Summary = new BulkSummary() });

    /// <summary>Says the same of every line of the request.</summary>
    public static async Task BulkAsync(
        this HttpContext context, ReceivedRequest request, Func<string, BulkResult>? resultOf = null)
    {
        int line = 0;
        foreach (string id in request.Ids)
        {
            BulkResult result = resultOf?.Invoke(id) ?? new BulkResult { Line = 0, Status = "created" };
            await context.LineAsync(result with { Line = ++line, Id = id });
        }

        await context.SummaryAsync();
    }

    public static BulkResult Failed(string code, bool retryable) =>
        new() { Line = 0, Status = "failed", Error = new BulkError(code, $"{code} here.", retryable) };

    public const string Index = """{"name":"articles","shards":4,"encoder":"lexical","bm25":{"k1":0.9,"b":0.4},"sparse":{"maxWeight":5.1},"generation":1,"createdAt":"2026-01-02T03:04:05+00:00"}""";
}
