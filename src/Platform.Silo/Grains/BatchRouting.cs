using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;

namespace Platform.Silo.Grains;

/// <summary>Sends the items of one batch to the shards that own them, each shard in calls of bounded size, and looks at the map again where it has changed.</summary>
/// <remarks>A shard that refuses for the sake of the map has applied nothing, so its items can go elsewhere; any other fault leaves their fate unknown.</remarks>
internal sealed class BatchRouting(IGrainFactory grains, IndexKey key, IngestBatch batch, ItemOutcome[] outcomes, TimeProvider time)
{
    /// <summary>How long items wait for a map by which a shard takes them: a change of the map takes a fraction of a second, a crash in it some.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>After so long the index is told that a shard refuses what the map says it owns.</summary>
    private static readonly TimeSpan WaitBeforeMending = TimeSpan.FromSeconds(2);

    private const int MaxWriteBytes = 512 << 10;                  // of a call to a shard; the document that exceeds it is the call's last

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>Sends, and writes each item's fate into the outcomes.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>: it was deleted meanwhile.</exception>
    public async Task SendAsync(IndexDefinition definition, (int Item, DocumentVector Vector)[] entries, CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        while (true)
        {
            var byShard = entries.GroupBy(entry => definition.Shards.ShardOf(Shard.BucketOf(batch.Items[entry.Item].DocumentKey)));
            var refused = await Task.WhenAll(byShard.Select(group => SendAsync(definition, group.Key, [.. group], cancellationToken)));
            entries = [.. refused.SelectMany(part => part.Entries)];
            if (entries.Length == 0)
            {
                return;
            }

            int[] shards = [.. refused.Where(part => part.Entries.Length > 0).Select(part => part.Shard)];
            if (await NewerAsync(definition, shards, begun, cancellationToken) is not { } newer)
            {
                Tell(entries, $"Shard {shards[0]} takes no writes, and no other has taken its place for {LongestWait.TotalSeconds} s. Send the item again with the same Idempotency-Key.");
                return;
            }

            definition = newer;
        }
    }

    /// <summary>The definition once its map is another one, or its shards are mended; null after too long a wait.</summary>
    private async Task<IndexDefinition?> NewerAsync(IndexDefinition old, int[] shards, long begun, CancellationToken cancellationToken)
    {
        var index = grains.GetGrain<IIndexGrain>(key.ToString());
        while (time.GetElapsedTime(begun) < LongestWait)
        {
            IndexDefinition newer = await FanOut.PersistAsync(index.GetAsync, cancellationToken) ?? throw FanOut.NoSuchIndex(key);
            if (newer.Shards.Version != old.Shards.Version || newer.Generation != old.Generation)
            {
                return newer;
            }

            await Task.Delay(BetweenLooks, time, cancellationToken);
            if (time.GetElapsedTime(begun) > WaitBeforeMending)
            {
                await Task.WhenAll(shards.Select(shard => index.MendAsync(shard, cancellationToken)));
                await Task.Delay(BetweenLooks, time, cancellationToken);
                return await FanOut.PersistAsync(index.GetAsync, cancellationToken) ?? throw FanOut.NoSuchIndex(key);
            }
        }

        return null;
    }

    /// <summary>Sends one shard its items; returns those that it does not own.</summary>
    private async Task<(int Shard, (int Item, DocumentVector Vector)[] Entries)> SendAsync(
        IndexDefinition definition, int ordinal, (int Item, DocumentVector Vector)[] entries, CancellationToken cancellationToken)
    {
        var shard = grains.GetGrain<IShardGrain>(new ShardKey(key.Tenant, key.Index, definition.Generation, ordinal).ToString());
        int acknowledged = 0;
        try
        {
            for (int sent = 0; sent < entries.Length; acknowledged = sent)
            {
                var packed = new ShardBatch();
                for (; sent < entries.Length && packed.Length < MaxWriteBytes; sent++)
                {
                    Add(packed, batch.Items[entries[sent].Item], entries[sent].Vector, definition);
                }

                ReadOnlyMemory<byte> statuses = await shard.ApplyAsync(new ShardWrite { Operations = packed.ToArray() }, cancellationToken);
                for (int i = acknowledged; i < sent; i++)
                {
                    outcomes[entries[i].Item] = new ItemOutcome((ItemStatus)statuses.Span[i - acknowledged]);
                }
            }
        }
        catch (PlatformException e) when (e.Kind == FaultKind.WrongShard)
        {
            return (ordinal, entries[acknowledged..]);
        }
#pragma warning disable CA1031 // whatever the shard's fault, the outcome is unknown and told for each of its items
        catch (Exception e)
#pragma warning restore CA1031
        {
            Tell(entries[acknowledged..], $"Shard {ordinal} did not acknowledge: {e.Message.ReplaceLineEndings(" ")} Send the item again with the same Idempotency-Key.");
        }

        return (ordinal, []);
    }

    private void Tell((int Item, DocumentVector Vector)[] entries, string reason)
    {
        foreach ((int item, _) in entries)
        {
            outcomes[item] = new ItemOutcome(ItemStatus.Unknown, reason);
        }
    }

    private static void Add(ShardBatch packed, IngestItem item, DocumentVector vector, IndexDefinition definition)
    {
        if (item.Delete)
        {
            packed.Delete(item.OperationId, item.DocumentKey);
            return;
        }

        (int[] termIds, byte[] impacts) = IndexedVector.OfDocument(vector.Sparse, definition);
        ReadOnlySpan<float> dense = vector.Dense is { Dimensions: > 0 } ? DenseVectors.Kept(vector.Dense, definition.Dense!).Values : default;
        packed.Upsert(
            item.OperationId, item.DocumentKey, item.Stored.Span, vector.TermVector.Span, termIds, impacts, dense, DenseVectors.PrecisionOf(definition.Dense), FieldFilters.Pack(item.Fields));
    }
}
