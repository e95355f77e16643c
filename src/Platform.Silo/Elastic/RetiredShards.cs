using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Silo.Storage;

namespace Platform.Silo.Elastic;

/// <summary>Destroys replaced shards once no query can want them and no shard borrows from them.</summary>
/// <remarks>
/// Only shards of the map borrow, and what they borrow from only gets less: a new shard borrows from its sources, which are not destroyed
/// before, and from what those borrow from. So what none of the map's shards needs at one moment, nobody needs later.
/// </remarks>
internal sealed class RetiredShards(IndexKey key, StateCell<IndexState> cell, IGrainFactory grains, TimeProvider time, TimeSpan lifetime)
{
    /// <summary>Destroys what can go; nothing while a shard of the map does not answer.</summary>
    public async Task DestroyUnneededAsync(CancellationToken cancellationToken)
    {
        CallContext.ActFor(key.Tenant);
        if (cell.Current is not { Definition: { } definition } state || state.Retired.All(shard => !IsOld(shard)))
        {
            return;
        }

        ShardReport[] reports = await Task.WhenAll(definition.Shards.Ranges.Select(range => ShardOf(definition, range.Ordinal).ReportAsync(cancellationToken)));
        HashSet<int> needed = [.. reports.SelectMany(report => report.BorrowedFrom)];
        foreach (RetiredShard shard in state.Retired.Where(shard => IsOld(shard) && !needed.Contains(shard.Ordinal)))
        {
            await ShardOf(definition, shard.Ordinal).DestroyAsync(cancellationToken);
            await cell.UpdateAsync(now => now with { Retired = [.. now.Retired.Where(other => other.Ordinal != shard.Ordinal)] });
        }
    }

    private bool IsOld(RetiredShard shard) => time.GetUtcNow() - shard.Since >= lifetime;

    private IShardGrain ShardOf(IndexDefinition definition, int ordinal) =>
        grains.GetGrain<IShardGrain>(new ShardKey(key.Tenant, key.Index, definition.Generation, ordinal).ToString());
}
