using Orleans.Runtime.Services;

namespace Platform.Silo.Elastic;

/// <summary>Asks any silo.</summary>
internal sealed class ShardCensusClient(IServiceProvider services) : GrainServiceClient<IShardCensus>(services)
{
    /// <summary>The shards that are open on a silo.</summary>
    public Task<OpenShard[]> ListAsync(SiloAddress silo) => GetGrainService(silo).ListAsync();
}
