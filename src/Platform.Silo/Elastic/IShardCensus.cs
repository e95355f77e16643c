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
