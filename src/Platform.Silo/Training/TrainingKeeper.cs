using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Abstractions.Grains;

namespace Platform.Silo.Training;

/// <summary>On every trainer silo: wakes jobs that should run, so that one whose silo died goes on elsewhere.</summary>
internal sealed partial class TrainingKeeper(
    RunningJobs jobs, IGrainFactory grains, IOptions<TrainingOptions> options, IOptions<Hosting.ClusterOptions> cluster, TimeProvider time, ILogger<TrainingKeeper> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IList<string> roles = cluster.Value.Roles;
        if (roles.Count > 0 && !roles.Contains(Hosting.Role.Trainer))
        {
            return;
        }

        CallContext.ActFor(CallContext.Platform);
        using var timer = new PeriodicTimer(options.Value.KeepEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (string key in await jobs.ThatShouldRunAsync(stoppingToken))
                {
                    _ = await grains.GetGrain<ITrainingGrain>(key).ReportAsync(stoppingToken);
                }
            }
#pragma warning disable CA1031 // the next tick tries again
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogUnreachable(e);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Jobs that should run could not be woken; tried again soon")]
    private partial void LogUnreachable(Exception fault);
}
