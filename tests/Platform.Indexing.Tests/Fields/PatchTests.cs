using CsCheck;
using Platform.Indexing.Dense;
using Platform.Indexing.Fields;
using Platform.Indexing.Shards;
using Platform.Indexing.Tests.Shards;
using Platform.Indexing.Tests.Storage;
using Operation = Platform.Indexing.Tests.Shards.ShardModel.Operation;

namespace Platform.Indexing.Tests.Fields;

/// <summary>New fields for documents whose vectors nobody gives again.</summary>
public sealed class PatchTests
{
    [Fact]
    public async Task A_patched_document_has_other_fields_and_the_same_scores_to_the_bit_also_after_reopening() =>
        await Gen.Select(ShardDrawings.Batches.Array[3, 20], ShardDrawings.QuerySets, Gen.Select(Gen.OneOf(ShardDrawings.Keys), FilterOracle.Values).Array[1, 4]).SampleAsync(
            async (batches, queries, patches) =>
            {
                var store = new MemoryBlobStore();
                var model = new ShardModel();
                await using (Shard shard = await OpenAsync(store))
                {
                    foreach (Operation[] batch in batches)
                    {
                        model.Apply(batch);
                        await shard.ApplyAsync(ShardDrawings.Pack(batch, queries.Precision));
                    }

                    foreach ((string key, FieldValue[] fields) in patches)
                    {
                        ShardModel.Content? before = model.Documents.GetValueOrDefault(key);
                        var patch = new ShardPatch(Guid.NewGuid(), key, before?.Stored ?? [], (byte[])[1, .. before?.Stored ?? []], FieldValue.Pack(fields));
                        PatchOutcome outcome = await shard.PatchAsync(patch, CancellationToken.None);
                        Assert.Equal(before is null ? PatchOutcome.NotFound : PatchOutcome.Updated, outcome);
                        if (before is not null)
                        {
                            model.Apply([new Operation(patch.OperationId, key, before with { Stored = patch.Stored.ToArray(), Fields = fields })]);
                            Assert.Equal(PatchOutcome.Changed, await shard.PatchAsync(patch with { OperationId = Guid.NewGuid() }, CancellationToken.None));
                        }
                    }

                    ShardComparison.AssertHolds(model, queries, shard);
                }

                await using Shard reopened = await OpenAsync(store);
                ShardComparison.AssertHolds(model, queries, reopened);
            },
            iter: 30);

    [Fact]
    public void A_restored_vector_is_quantised_to_the_same_row() => Gen.Single[-1e6f, 1e6f].Array[1, 40].Sample(vector =>
    {
        sbyte[] codes = new sbyte[vector.Length];
        sbyte[] again = new sbyte[vector.Length];
        CodeBound bound = Int8Quantiser.QuantiseExactly(vector, codes);
        float[] restored = [.. codes.Select(code => bound.Scale * code)];
        Int8Quantiser.Restore(restored, bound.Scale);
        CodeBound second = Int8Quantiser.QuantiseExactly(restored, again);
        Assert.Equal(codes, again);
        Assert.Equal(bound, second);
    });

    [Fact]
    public async Task Fields_that_are_no_packed_values_are_refused_before_anything_is_applied()
    {
        await using Shard shard = await OpenAsync(new MemoryBlobStore());
        await shard.ApplyAsync(ShardDrawings.Pack([new Operation(Guid.NewGuid(), "a", new ShardModel.Content([7], ["red"], []))]));
        await Assert.ThrowsAsync<InvalidDataException>(
            () => shard.PatchAsync(new ShardPatch(Guid.NewGuid(), "a", (byte[])[7], (byte[])[8], (byte[])[1, 1]), CancellationToken.None));
        Assert.Equal([7], shard.Fetch("a"));
    }

    private static Task<Shard> OpenAsync(MemoryBlobStore store) => Shard.OpenAsync(store, "s", ShardDrawings.Tiny, CancellationToken.None);
}
