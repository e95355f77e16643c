using Platform.Abstractions;
using Platform.Silo.Placement;

namespace Platform.Silo.Elastic;

/// <summary>Finds the shards that are open in the cluster. Asks none that sleeps.</summary>
internal sealed class ClusterShards(IndexSilos silos, ShardCensusClient census)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The index silos that answer, and what is open on them.</summary>
    public async Task<(string[] Silos, (PlacedShard Placed, bool IsChanging)[] Shards)> LookAsync(CancellationToken cancellationToken)
    {
        CallContext.ActFor(CallContext.Platform);
        var looked = await Task.WhenAll(silos.All().Select(silo => LookAsync(silo, cancellationToken)));
        return (
            [.. looked.OfType<(string Silo, OpenShard[] Shards)>().Select(one => one.Silo)],
            [.. looked.OfType<(string Silo, OpenShard[] Shards)>().SelectMany(one => one.Shards.Select(
                shard => (new PlacedShard(shard.Key, one.Silo, shard.Bytes, shard.ReadsPerSecond), shard.IsChanging)))]);
    }

    private async Task<(string Silo, OpenShard[] Shards)?> LookAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        try
        {
            return (silo.Endpoint.ToString(), await census.ListAsync(silo).WaitAsync(Patience, cancellationToken));
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            return null;                                     // it comes or goes just now: the next look finds it
        }
    }
}
