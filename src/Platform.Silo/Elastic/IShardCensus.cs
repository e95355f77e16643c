using Orleans.Services;

namespace Platform.Silo.Elastic;

/// <summary>Tells other silos which shards are open on this one, and makes ready for those that are to come. One a silo.</summary>
[Alias("shard-census")]
internal interface IShardCensus : IGrainService
{
    /// <summary>The open shards. Wakes none, and keeps none awake.</summary>
    [Alias("look")]
    Task<SiloShards> LookAsync();

    /// <summary>Brings a shard's segments to this silo before the shard itself comes. Returns their bytes. Safe to repeat.</summary>
    /// <param name="key">The shard's grain key.</param>
    [Alias("warm"), ResponseTimeout("00:10:00")]
    Task<long> WarmAsync(string key);
}
