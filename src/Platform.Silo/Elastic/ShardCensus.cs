using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace Platform.Silo.Elastic;

/// <summary>Tells other silos which shards are open on this one. One a silo.</summary>
[Alias("shard-census")]
internal interface IShardCensus : IGrainService
{
    /// <summary>The open shards. Wakes none, and keeps none awake.</summary>
    [Alias("list")]
    Task<OpenShard[]> ListAsync();
}

/// <summary>Answers from <see cref="LocalShards"/>.</summary>
internal sealed class ShardCensus(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, LocalShards shards)
    : GrainService(id, silo, loggers), IShardCensus
{
    /// <inheritdoc/>
    public Task<OpenShard[]> ListAsync() => Task.FromResult(shards.Look());
}

/// <summary>Asks any silo.</summary>
internal sealed class ShardCensusClient(IServiceProvider services) : GrainServiceClient<IShardCensus>(services)
{
    /// <summary>The shards that are open on a silo.</summary>
    public Task<OpenShard[]> ListAsync(SiloAddress silo) => GetGrainService(silo).ListAsync();
}
