using System.Globalization;
using Orleans.Concurrency;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;

namespace Platform.Silo.Grains;

/// <summary>Checks, encodes and routes one batch: each shard gets its operations in one call.</summary>
[StatelessWorker, Reentrant, RolePlacement(Role.Index)]
internal sealed class IngestGrain(EncoderDirectory encoders) : Grain, IIngestGrain
{
    private const int MaxWriteBytes = 512 << 10;                  // of a call to a shard; the document that exceeds it is the call's last

    /// <inheritdoc/>
    public async Task<IngestReply> ApplyAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        IndexKey key = IndexKey.Parse(this.GetPrimaryKeyString());
        IndexDefinition definition = await GrainFactory.GetGrain<IIndexGrain>(key.ToString()).GetAsync(cancellationToken)
            ?? throw FanOut.NoSuchIndex(key);
        var outcomes = new ItemOutcome[batch.Items.Length];
        List<int> accepted = [];
        for (int i = 0; i < outcomes.Length; i++)
        {
            if (Refusal(batch.Items[i], definition) is { } refusal)
            {
                outcomes[i] = new ItemOutcome(ItemStatus.Refused, refusal);
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

        var byShard = accepted.Select((item, i) => (Item: item, Vector: vectors[i]))
            .Where(entry => outcomes[entry.Item].Status != ItemStatus.Refused)
            .GroupBy(entry => definition.Shards.ShardOf(Shard.BucketOf(batch.Items[entry.Item].DocumentKey)));
        await Task.WhenAll(byShard.Select(group => SendAsync(key, definition, group.Key, [.. group], batch, outcomes, cancellationToken)));
        return new IngestReply { Outcomes = outcomes };
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

    private async Task SendAsync(
        IndexKey key,
        IndexDefinition definition,
        int ordinal,
        (int Item, DocumentVector Vector)[] entries,
        IngestBatch batch,
        ItemOutcome[] outcomes,
        CancellationToken cancellationToken)
    {
        var shard = GrainFactory.GetGrain<IShardGrain>(new ShardKey(key.Tenant, key.Index, definition.Generation, ordinal).ToString());
        int sent = 0;
        int acknowledged = 0;
        try
        {
            while (sent < entries.Length)
            {
                var packed = new ShardBatch();
                int first = sent;
                for (; sent < entries.Length && packed.Length < MaxWriteBytes; sent++)
                {
                    Add(packed, batch.Items[entries[sent].Item], entries[sent].Vector, definition);
                }

                ReadOnlyMemory<byte> statuses = await shard.ApplyAsync(new ShardWrite { Operations = packed.ToArray() }, cancellationToken);
                for (int i = first; i < sent; i++)
                {
                    outcomes[entries[i].Item] = new ItemOutcome((ItemStatus)statuses.Span[i - first]);
                }

                acknowledged = sent;
            }
        }
#pragma warning disable CA1031 // whatever the shard's fault, the outcome is unknown and told for each of its items
        catch (Exception e)
#pragma warning restore CA1031
        {
            string reason = $"Shard {ordinal} did not acknowledge: {e.Message.ReplaceLineEndings(" ")} Send the item again with the same Idempotency-Key.";
            foreach ((int item, _) in entries.AsSpan(acknowledged))
            {
                outcomes[item] = new ItemOutcome(ItemStatus.Unknown, reason);
            }
        }
    }

    private static void Add(ShardBatch packed, IngestItem item, DocumentVector vector, IndexDefinition definition)
    {
        if (item.Delete)
        {
            packed.Delete(item.OperationId, item.DocumentKey);
            return;
        }

        int[] termIds = vector.Sparse?.UnpackTermIds() ?? [];
        float[] weights = vector.Sparse?.UnpackWeights() ?? [];
        byte[] impacts = Array.ConvertAll(weights, weight => ImpactQuantiser.Quantise(Math.Min(weight, definition.SparseMaxWeight), definition.SparseMaxWeight));
        ReadOnlySpan<float> dense = vector.Dense is { Dimensions: > 0 } ? DenseVectors.Kept(vector.Dense, definition.Dense!).Values : default;
        packed.Upsert(
            item.OperationId, item.DocumentKey, item.Stored.Span, vector.TermVector.Span, termIds, impacts, dense, DenseVectors.PrecisionOf(definition.Dense));
    }
}
