using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Platform.Abstractions;
using Platform.Indexing.Shards;
using Platform.Indexing.Storage;

namespace Platform.Silo.Elastic;

/// <summary>Answers from <see cref="LocalShards"/>, and warms from the store.</summary>
[Reentrant]
internal sealed class ShardCensus(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, LocalShards shards, IBlobStore store)
    : GrainService(id, silo, loggers), IShardCensus
{
    /// <inheritdoc/>
    public Task<SiloShards> LookAsync() => Task.FromResult(new SiloShards(shards.IsLeaving, shards.Look()));

    /// <inheritdoc/>
    public Task<long> WarmAsync(string key) => Task.Run(() => Shard.WarmAsync(store, ShardFolder.Of(ShardKey.Parse(key)), StoppedCancellationTokenSource.Token));
}
