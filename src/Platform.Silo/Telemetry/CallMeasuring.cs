using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Silo.Telemetry;

/// <summary>Measures the calls that <see cref="CallMetrics"/> tells of, around the grains, so that these stay free of it; logs slow queries.</summary>
internal sealed partial class CallMeasuring(CallMetrics metrics, IOptions<TelemetryOptions> options, ILogger<CallMeasuring> logger) : IIncomingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IIncomingGrainCallContext context) => (context.Grain, context.MethodName) switch
    {
        (IQueryGrain, nameof(IQueryGrain.SearchAsync)) => MeasureAsync(context, Queried),
        (IShardGrain, nameof(IShardGrain.SearchAsync)) => MeasureAsync(context, (call, elapsed, succeeded) => metrics.SearchedShard(elapsed, succeeded)),
        (IShardGrain, nameof(IShardGrain.ApplyAsync)) => MeasureAsync(context, (call, elapsed, succeeded) => metrics.WroteShard(elapsed, succeeded)),
        (IIngestGrain, nameof(IIngestGrain.ApplyAsync)) => MeasureAsync(context, (call, elapsed, succeeded) =>
        {
            if (call.Result is IngestReply reply)
            {
                metrics.Ingested(reply);
            }
        }),
        _ => context.Invoke(),
    };

    private static async Task MeasureAsync(IIncomingGrainCallContext context, Action<IIncomingGrainCallContext, TimeSpan, bool> ended)
    {
        long start = Stopwatch.GetTimestamp();
        bool succeeded = false;
        try
        {
            await context.Invoke();
            succeeded = true;
        }
        finally
        {
            ended(context, Stopwatch.GetElapsedTime(start), succeeded);
        }
    }

    private void Queried(IIncomingGrainCallContext context, TimeSpan elapsed, bool succeeded)
    {
        SearchAnswer? answer = succeeded ? context.Result as SearchAnswer : null;
        metrics.Queried(elapsed, answer);
        if (options.Value.SlowQuery is { } limit && elapsed >= limit)
        {
            LogSlow(
                context.TargetId.Key.ToString()!, (long)elapsed.TotalMilliseconds, answer?.Hits.Length ?? 0, answer?.Coverage.Asked ?? 0, answer?.Coverage.Failed.Length ?? 0, succeeded);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Slow query of index {Index}: {Milliseconds} ms, {Hits} hits, {Shards} shards asked, {Missing} missing, answered: {Succeeded}")]
    private partial void LogSlow(string index, long milliseconds, int hits, int shards, int missing, bool succeeded);
}
