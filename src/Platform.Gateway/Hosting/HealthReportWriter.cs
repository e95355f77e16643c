using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.Gateway.Hosting;

/// <summary>Writes which checks hold: <c>{"status":"Healthy","checks":{"keys":"Healthy"}}</c>, with the reason of one that does not.</summary>
internal static class HealthReportWriter
{
    /// <summary>Writes a report as JSON.</summary>
    public static async Task WriteAsync(HttpContext http, HealthReport report)
    {
        http.Response.ContentType = MediaTypeNames.Application.Json;
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status"u8, report.Status.ToString());
        json.WriteStartObject("checks"u8);
        foreach ((string name, HealthReportEntry entry) in report.Entries)
        {
            json.WriteString(name, entry.Description is { } why ? $"{entry.Status}: {why}" : entry.Status.ToString());
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
