using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Platform.Client.Contracts;
using Platform.Gateway.Reading;

namespace Platform.Gateway.Faults;

/// <summary>Writes a <see cref="Fault"/> as <c>application/problem+json</c> (RFC 9457).</summary>
internal static class ProblemWriter
{
    /// <summary>The media type of every error's body.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Ends the request with a fault.</summary>
    public static async Task WriteAsync(HttpContext http, Fault fault)
    {
        http.Response.StatusCode = fault.Status;
        if (fault.RetryAfter is { } wait)
        {
            http.Response.Headers[HeaderNames.RetryAfter] =
                Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        var problem = new Problem
        {
            Type = $"urn:platform:error:{fault.Code}",
            Title = ReasonPhrases.GetReasonPhrase(fault.Status),
            Status = fault.Status,
            Detail = fault.Detail,
            Code = fault.Code,
            TraceId = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier,
        };
        await http.Response.WriteAsJsonAsync(problem, GatewayJson.Answers.Problem, MediaType, http.RequestAborted);
    }

    /// <summary>Gives a bare error status, as routing leaves it, a problem as its body.</summary>
    public static Task WriteForStatusAsync(StatusCodeContext context)
    {
        HttpContext http = context.HttpContext;
        int status = http.Response.StatusCode;
        string asked = $"{http.Request.Method} {Fault.Shorten(http.Request.Path.Value ?? "/")}";
        string detail = status switch
        {
            StatusCodes.Status404NotFound => $"There is nothing at {asked}. GET /openapi/v1.json lists what there is.",
            StatusCodes.Status405MethodNotAllowed => $"{asked} is not possible; allowed: {http.Response.Headers.Allow}.",
            StatusCodes.Status415UnsupportedMediaType => $"Content-Type '{http.Request.ContentType}' is not taken by {asked}. Send application/json; bulk documents may also be application/x-ndjson or application/jsonl.",
            _ => $"{asked} ended with status {status}.",
        };
        return WriteAsync(http, new Fault(status, status >= StatusCodes.Status500InternalServerError ? ErrorCodes.Internal : ErrorCodes.InvalidRequest, detail));
    }
}
