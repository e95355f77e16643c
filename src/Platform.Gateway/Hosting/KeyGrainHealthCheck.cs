using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Abstractions;
using Platform.Abstractions.Grains;

namespace Platform.Gateway.Hosting;

/// <summary>Ready means that keys can be checked: without the key grain no request could be served.</summary>
internal sealed class KeyGrainHealthCheck(IGrainFactory grains, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        CallContext.ActFor(CallContext.Platform);
        try
        {
            await grains.GetGrain<IKeyGrain>(IKeyGrain.Key)
                .AuthenticateAsync("readiness-probe", cancellationToken)
                .WaitAsync(Patience, time, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception reason) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"the key grain does not answer: {reason.GetType().Name}");
        }
    }
}
