using Platform.Silo.Placement;

namespace Platform.Silo.Elastic;

/// <summary>Finds the shards that are open in the cluster. Asks none that sleeps.</summary>
internal sealed class ClusterShards(IndexSilos silos, ShardCensusClient census)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The index silos that answer and stay, and what is open on those that answer. The caller acts for the platform.</summary>
    public async Task<ClusterLook> LookAsync(CancellationToken cancellationToken)
    {
        var looked = await Task.WhenAll(silos.All().Select(silo => LookAsync(silo, cancellationToken)));
        (string Silo, SiloShards Shards)[] answers = [.. looked.OfType<(string Silo, SiloShards Shards)>()];
        return new ClusterLook(
            [.. answers.Where(one => !one.Shards.IsLeaving).Select(one => one.Silo)],
            [.. answers.Where(one => one.Shards.IsLeaving).Select(one => one.Silo)],
            [.. answers.SelectMany(one => one.Shards.Shards.Select(
                shard => (new PlacedShard(shard.Key, one.Silo, shard.Bytes, shard.ReadsPerSecond), shard.IsChanging)))]);
    }

    private async Task<(string Silo, SiloShards Shards)?> LookAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        try
        {
            return (silo.Endpoint.ToString(), await census.LookAsync(silo).WaitAsync(Patience, cancellationToken));
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            return null;                                     // it comes or goes just now: the next look finds it
        }
    }
}

/// <summary>One look at the cluster.</summary>
/// <param name="Staying">The index silos that can take shards, by address.</param>
/// <param name="Leaving">Those that hand theirs over, before they stop.</param>
/// <param name="Shards">The open shards of both, and whether each is being replaced.</param>
internal sealed record ClusterLook(string[] Staying, string[] Leaving, (PlacedShard Placed, bool IsChanging)[] Shards);
