using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Abstractions.Grains;

namespace Platform.Silo.Elastic;

/// <summary>Looks at the cluster's shards again and again; the first of the index silos moves them where the silos differ too much, and splits large ones.</summary>
/// <remarks>If two silos think that they are the first, for a moment after one has come or gone, some shard moves twice; nothing else.</remarks>
internal sealed partial class ShardBalancer(
    ClusterShards cluster,
    ShardPicture picture,
    ILocalSiloDetails local,
    IGrainFactory grains,
    IOptions<ElasticOptions> options,
    TimeProvider time,
    ILogger<ShardBalancer> logger) : BackgroundService
{
    private readonly Dictionary<string, (long At, string To)> _moved = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.BalanceInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // whatever it is, the next look may do better, and a process must not end for it
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogFailed(e.Message);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        CallContext.ActFor(CallContext.Platform);            // here: what a callee sets is gone when it returns
        ClusterLook look = await cluster.LookAsync(cancellationToken);
        PlacedShard[] placed = [.. look.Shards.Select(shard => shard.Placed)];
        picture.Update(placed, look.Leaving);
        if (look.Staying.Length > 0 && look.Staying[0] == local.SiloAddress.Endpoint.ToString())
        {
            await SplitAsync(look.Shards.Where(shard => !shard.IsChanging).Select(shard => shard.Placed), cancellationToken);
            await MoveAsync(look.Staying, placed, [.. look.Shards.Where(shard => shard.IsChanging).Select(shard => shard.Placed.Key)], cancellationToken);
        }
    }

    private async Task MoveAsync(string[] all, PlacedShard[] placed, HashSet<string> changing, CancellationToken cancellationToken)
    {
        ElasticOptions limits = options.Value;
        double imbalance = BalancePlan.Imbalance(all, [.. placed.Where(shard => all.Contains(shard.Silo))]);
        if (!limits.Balance || imbalance <= limits.MoveAbove)
        {
            return;
        }

        ForgetMoves(placed, limits.StayAfterMove);
        bool MayMove(PlacedShard shard) => !_moved.ContainsKey(shard.Key) && !changing.Contains(shard.Key);
        foreach (PlannedMove move in BalancePlan.Make(all, placed, limits.MoveUntil, limits.MovesPerInterval, MayMove))
        {
            LogMove(move.Shard.Key, move.Shard.Silo, move.Silo, imbalance);
            try
            {
                await grains.GetGrain<IShardGrain>(move.Shard.Key).MoveAsync(move.Silo, cancellationToken);
                _moved[move.Shard.Key] = (time.GetTimestamp(), move.Silo);
            }
            catch (Exception e) when (e is PlatformException or OrleansException or TimeoutException)
            {
                LogNotMoved(move.Shard.Key, e.Message);      // the next look plans anew
            }
        }
    }

    /// <summary>Shards that have moved long enough ago may move again, and so may those that are not where they were sent.</summary>
    private void ForgetMoves(PlacedShard[] placed, TimeSpan stay)
    {
        foreach ((string key, (long at, string to)) in _moved.ToArray())
        {
            if (time.GetElapsedTime(at) > stay || Array.Exists(placed, shard => shard.Key == key && shard.Silo != to))
            {
                _moved.Remove(key);
            }
        }
    }

    private async Task SplitAsync(IEnumerable<PlacedShard> shards, CancellationToken cancellationToken)
    {
        long limit = options.Value.SplitAtBytes;
        IEnumerable<PlacedShard> large = shards.Where(shard => limit > 0 && shard.Bytes > limit);
        foreach (ShardKey shard in large.Select(shard => ShardKey.Parse(shard.Key)).DistinctBy(shard => (shard.Tenant, shard.Index)))
        {
            try
            {
                await grains.GetGrain<IIndexGrain>(new IndexKey(shard.Tenant, shard.Index).ToString()).SplitAsync(shard.Ordinal, into: 2, cancellationToken);
                LogSplit(shard.ToString(), limit);
            }
            catch (PlatformException e)
            {
                LogNotSplit(shard.ToString(), e.Message);    // it changes already, or is as small as it can be
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Shard {Shard} moves from {From} to {To}: the fullest silo has {Imbalance:0.00} times the mean")]
    private partial void LogMove(string shard, string from, string to, double imbalance);

    [LoggerMessage(LogLevel.Information, "Shard {Shard} has more than {Limit} bytes and is split")]
    private partial void LogSplit(string shard, long limit);

    [LoggerMessage(LogLevel.Debug, "Shard {Shard} is not split now: {Reason}")]
    private partial void LogNotSplit(string shard, string reason);

    [LoggerMessage(LogLevel.Warning, "Shard {Shard} did not move: {Reason}")]
    private partial void LogNotMoved(string shard, string reason);

    [LoggerMessage(LogLevel.Warning, "The shards could not be balanced just now: {Reason}")]
    private partial void LogFailed(string reason);
}
