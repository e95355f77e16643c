using Platform.Indexing.Lexical;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;
using Platform.Indexing.Tests.Storage;

namespace Platform.Indexing.Tests.Shards;

public sealed class EmptyQueries
{
    [Fact]
    public async Task A_query_without_terms_finds_nothing()
    {
        await using Shard shard = await Shard.OpenAsync(new MemoryBlobStore(), "shard", ShardDrawings.Roomy, CancellationToken.None);
        var batch = new ShardBatch();
        batch.Upsert(Guid.NewGuid(), "a", "{}"u8, TermVector.Pack(["red"]), [7], [9]);
        await shard.ApplyAsync(batch.ToArray());

        Assert.Empty(shard.Search(ImpactQuery.Quantise([], []), documentScale: 1, top: 10, CancellationToken.None));
        Assert.Empty(shard.Search(ImpactQuery.Quantise([7], [0]), documentScale: 1, top: 10, CancellationToken.None));
        Assert.Empty(shard.Search(new LexicalQuery([], [], AverageLength: 1, K1: 0.9, B: 0.4), top: 10, CancellationToken.None));
        Assert.Equal(["a"], shard.Search(ImpactQuery.Quantise([7], [1]), documentScale: 1, top: 10, CancellationToken.None).Select(hit => hit.DocumentKey));
    }
}
