using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Silo.Placement;

namespace Platform.Silo.Elastic;

/// <summary>Before a silo stops, its shards go to the other index silos, while it still serves.</summary>
internal sealed partial class ShardDrain(
    IndexSilos silos,
    LocalShards shards,
    ShardPicture picture,
    ILocalSiloDetails local,
    IGrainFactory grains,
    IOptions<Hosting.ClusterOptions> options,
    TimeProvider time,
    ILogger<ShardDrain> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan UntilCallersKnow = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        SiloAddress[] others = [.. silos.All().Where(silo => !silo.Equals(local.SiloAddress))];
        if (others.Length == 0)
        {
            return;
        }

        shards.Leave();
        CallContext.ActFor(CallContext.Platform);
        using var limit = new CancellationTokenSource(options.Value.DrainTimeout / 2, time);
        Dictionary<string, string> targets = [];
        try
        {
            while (shards.Look() is { Length: > 0 } here)
            {
                foreach (OpenShard shard in here)
                {
                    targets.TryAdd(shard.Key, picture.Choose(others).Endpoint.ToString());
                }

                await Task.WhenAll(here.Select(shard => grains.GetGrain<IShardGrain>(shard.Key).MoveAsync(targets[shard.Key], limit.Token)));
                await Task.Delay(BetweenLooks, time, limit.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or PlatformException or OrleansException or TimeoutException)
        {
            LogNotAll(e.Message);                            // the rest closes with the silo and opens elsewhere at its next call
        }

        if (targets.Count > 0)
        {
            LogDrained(targets.Count);

            // an ending silo drops the calls that reach it: whoever asked a shard here lately asks again before that, and learns where it is
            await Task.Delay(UntilCallersKnow, time, CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Handed {Moved} shards over before stopping")]
    private partial void LogDrained(int moved);

    [LoggerMessage(LogLevel.Warning, "Not every shard was handed over before stopping: {Reason}")]
    private partial void LogNotAll(string reason);
}
