using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Platform.Silo.Telemetry;

namespace Platform.Cli.Hosting;

/// <summary>Metrics, traces and logs by OpenTelemetry: sent by OTLP where a collector is named, shown to Prometheus where an address is.</summary>
/// <remarks>The collector is named by OpenTelemetry's own variables (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>), so that one setting serves a whole deployment.</remarks>
internal static class Telemetry
{
    private const string CollectorKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static readonly string[] Meters =
        ["Platform.*", "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private static readonly string[] Sources = ["Platform.*", "Microsoft.Orleans.Application"];

    /// <summary>The address of <c>/metrics</c>, or null; one that is no address is told with the other faults of the configuration.</summary>
    public static Uri? MetricsUrl(IConfiguration configuration) =>
        Uri.TryCreate(configuration[$"{TelemetryOptions.Section}:{nameof(TelemetryOptions.MetricsUrl)}"], UriKind.Absolute, out Uri? url) ? url : null;

    /// <summary>Collects what silo, gateway and runtime measure, if anyone is to see it.</summary>
    /// <param name="builder">The process's host.</param>
    /// <param name="roles">What the process does, as its telemetry says it.</param>
    public static void Add(WebApplicationBuilder builder, string roles)
    {
        bool sends = Environment.GetEnvironmentVariable(CollectorKey) is { Length: > 0 };
        bool shows = MetricsUrl(builder.Configuration) is not null;
        if (!sends && !shows)
        {
            return;
        }

        OpenTelemetry.OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService("platform", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3), serviceInstanceId: Environment.MachineName)
                .AddAttributes([new("platform.roles", roles)]))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters);
                if (sends)
                {
                    metrics.AddOtlpExporter();
                }

                if (shows)
                {
                    metrics.AddPrometheusExporter();
                }
            });
        if (sends)
        {
            telemetry.WithTracing(traces => traces.AddSource(Sources).AddAspNetCoreInstrumentation().AddOtlpExporter());
            builder.Logging.AddOpenTelemetry(logs => logs.AddOtlpExporter());
        }
    }

    /// <summary>Serves <c>/metrics</c> at its own address only.</summary>
    public static void Map(WebApplication app)
    {
        if (MetricsUrl(app.Configuration) is { } url)
        {
            app.MapPrometheusScrapingEndpoint().RequireHost($"*:{url.Port}").AllowAnonymous();
        }
    }
}
