using Microsoft.Extensions.Logging;

namespace Platform.Silo.Elastic;

/// <summary>Answers from <see cref="LocalShards"/>.</summary>
internal sealed class ShardCensus(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, LocalShards shards)
    : GrainService(id, silo, loggers), IShardCensus
{
    /// <inheritdoc/>
    public Task<OpenShard[]> ListAsync() => Task.FromResult(shards.Look());
}
