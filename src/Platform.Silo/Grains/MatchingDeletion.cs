using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Silo.Grains;

/// <summary>Deletes what matches a filter, on all shards at once, each in batches.</summary>
/// <remarks>A shard that a split or merge has replaced refuses and has deleted nothing more; its heirs are asked by the new map.</remarks>
internal sealed class MatchingDeletion(IGrainFactory grains, IndexKey key, FilterNode filter)
{
    /// <summary>Documents of one batch: some tens of kilobytes of log, so that other writes wait for it a few milliseconds.</summary>
    private const int BatchDocuments = 1_000;

    private long _deleted;

    /// <summary>Deletes until none matches on any shard; returns how many were deleted.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>; <see cref="FaultKind.Unavailable"/> if a shard does not answer.</exception>
    public Task<long> RunAsync(TimeProvider time, CancellationToken cancellationToken) => MapRetry.RunAsync(
        grains,
        key,
        async definition =>
        {
            bool[] done = await Task.WhenAll(definition.Shards.Ranges.Select(range => EmptyAsync(definition, range.Ordinal, cancellationToken)));
            return (Array.TrueForAll(done, isDone => isDone), Interlocked.Read(ref _deleted));
        },
        time,
        cancellationToken);

    /// <summary>Deletes on one shard until none matches; false if it takes no writes.</summary>
    private async Task<bool> EmptyAsync(IndexDefinition definition, int ordinal, CancellationToken cancellationToken)
    {
        var shard = grains.GetGrain<IShardGrain>(new ShardKey(key.Tenant, key.Index, definition.Generation, ordinal).ToString());
        try
        {
            int deleted;
            do
            {
                deleted = await shard.DeleteMatchingAsync(filter, BatchDocuments, cancellationToken);
                Interlocked.Add(ref _deleted, deleted);
            }
            while (deleted == BatchDocuments);
            return true;
        }
        catch (PlatformException e) when (e.Kind == FaultKind.WrongShard)
        {
            return false;
        }
    }
}
