using System.Globalization;
using Orleans.Concurrency;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;

namespace Platform.Silo.Grains;

/// <summary>Checks, encodes and routes one batch: each shard gets its operations in one call.</summary>
[StatelessWorker, Reentrant, RolePlacement(Role.Index)]
internal sealed class IngestGrain(EncoderDirectory encoders, FeedBlock feedBlock, TimeProvider time) : Grain, IIngestGrain
{
    /// <inheritdoc/>
    public async Task<IngestReply> ApplyAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        IndexKey key = IndexKey.Parse(this.GetPrimaryKeyString());
        IndexDefinition definition = await FanOut.PersistAsync(GrainFactory.GetGrain<IIndexGrain>(key.ToString()).GetAsync, cancellationToken)
            ?? throw FanOut.NoSuchIndex(key);
        var outcomes = new ItemOutcome[batch.Items.Length];
        List<int> accepted = [];
        string? noRoom = await feedBlock.ReasonAsync();
        for (int i = 0; i < outcomes.Length; i++)
        {
            if (Refusal(batch.Items[i], definition) is { } refusal)
            {
                outcomes[i] = new ItemOutcome(ItemStatus.Refused, refusal);
            }
            else if (noRoom is not null && !batch.Items[i].Delete)
            {
                outcomes[i] = new ItemOutcome(ItemStatus.NoRoom, noRoom);
            }
            else
            {
                accepted.Add(i);
            }
        }

        DocumentVector[] vectors = await new DocumentEncoding(encoders, definition).EncodeAsync([.. accepted.Select(i => batch.Items[i])], cancellationToken);
        for (int i = 0; i < vectors.Length; i++)
        {
            int item = accepted[i];
            if (vectors[i].Dense is { Dimensions: > 0 } dense && batch.Items[item].Dense is null && DenseVectors.Fault(dense, definition) is { } fault)
            {
                outcomes[item] = new ItemOutcome(ItemStatus.Refused, $"What model '{definition.Dense!.Encoder}' made of the text can't be kept: {fault}");
            }
        }

        var routing = new BatchRouting(GrainFactory, key, batch, outcomes, time);
        await routing.SendAsync(
            definition, [.. accepted.Select((item, i) => (item, vectors[i])).Where(entry => outcomes[entry.item].Status != ItemStatus.Refused)], cancellationToken);
        return new IngestReply { Outcomes = outcomes };
    }

    /// <inheritdoc/>
    public Task<long> DeleteMatchingAsync(FilterNode filter, CancellationToken cancellationToken) =>
        new MatchingDeletion(GrainFactory, IndexKey.Parse(this.GetPrimaryKeyString()), filter).RunAsync(time, cancellationToken);

    /// <inheritdoc/>
    public async Task<PatchStatus> PatchAsync(PatchCall patch, CancellationToken cancellationToken)
    {
        if (await feedBlock.ReasonAsync() is { } noRoom)
        {
            throw new PlatformException(FaultKind.StorageFull, noRoom);
        }

        IndexKey key = IndexKey.Parse(this.GetPrimaryKeyString());
        return await MapRetry.RunAsync(
            GrainFactory,
            key,
            async definition =>
            {
                int ordinal = definition.Shards.ShardOf(Shard.BucketOf(patch.DocumentKey));
                try
                {
                    var shard = GrainFactory.GetGrain<IShardGrain>(new ShardKey(key.Tenant, key.Index, definition.Generation, ordinal).ToString());
                    return (true, await shard.PatchAsync(patch, cancellationToken));
                }
                catch (PlatformException e) when (e.Kind == FaultKind.WrongShard)
                {
                    return (false, default);
                }
            },
            time,
            cancellationToken);
    }

    /// <summary>Why an item can't be taken, or null.</summary>
    private static string? Refusal(IngestItem item, IndexDefinition definition)
    {
        if (item.Dense is not null && DenseVectors.Fault(item.Dense, definition) is { } fault)
        {
            return fault;
        }

        foreach (float weight in item.Sparse?.UnpackWeights() ?? [])
        {
            if (!(weight > 0 && weight <= definition.SparseMaxWeight))
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"A sparse weight is {weight}; document weights of this index are above 0 and at most {definition.SparseMaxWeight}. Scale the weights, or create an index with a larger sparse.maxWeight.");
            }
        }

        return null;
    }
}
