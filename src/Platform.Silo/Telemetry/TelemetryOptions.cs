using Microsoft.Extensions.Options;

namespace Platform.Silo.Telemetry;

/// <summary>What is told of a silo at work. Section <c>Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Telemetry";

    /// <summary>
    /// The address at which <c>/metrics</c> is shown to Prometheus, such as <c>http://0.0.0.0:9464</c>; apart from the API's, as nobody is
    /// asked for a key there. Null (default) for none.
    /// </summary>
    public string? MetricsUrl { get; set; }

    /// <summary>A query that takes this long is logged: index, time, hits, shards; never its text. Default 1 s; null logs none.</summary>
    public TimeSpan? SlowQuery { get; set; } = TimeSpan.FromSeconds(1);
}

/// <summary>Reports every fault of <see cref="TelemetryOptions"/> at once.</summary>
internal sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        List<string> faults = [];
        if (options.MetricsUrl is { Length: > 0 } text && (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme != Uri.UriSchemeHttp))
        {
            faults.Add($"Telemetry:MetricsUrl is '{text}'; it must be an address such as http://0.0.0.0:9464.");
        }

        if (options.SlowQuery < TimeSpan.Zero)
        {
            faults.Add($"Telemetry:SlowQuery is {options.SlowQuery}; it must be 0 or more.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
