using Orleans.Runtime.Services;

namespace Platform.Silo.Elastic;

/// <summary>Asks any silo.</summary>
internal sealed class ShardCensusClient(IServiceProvider services) : GrainServiceClient<IShardCensus>(services)
{
    /// <summary>The shards that are open on a silo.</summary>
    public Task<SiloShards> LookAsync(SiloAddress silo) => GetGrainService(silo).LookAsync();

    /// <summary>Brings a shard's segments to a silo, before the shard moves there.</summary>
    public Task<long> WarmAsync(SiloAddress silo, string key) => GetGrainService(silo).WarmAsync(key);
}
