using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;

namespace Platform.Silo.Grains;

/// <summary>A sparse query on one shard, from the wire's words to the index's and back.</summary>
internal static class SparseSearch
{
    /// <summary>Searches as exactly as the query asks for.</summary>
    public static ShardHits Run(Shard shard, ShardQuery query, CancellationToken cancellationToken)
    {
        SparseAnswer answer = shard.Search(ImpactsOf(query.Sparse!), query.SparseScale, query.Top, PruningOf(query.Pruning), FieldFilters.OfOrNull(query.Filter), cancellationToken);
        return new ShardHits
        {
            Packed = HitPacking.Pack([.. answer.Hits.Select(hit => hit.DocumentKey)], [.. answer.Hits.Select(hit => hit.Score)]),
            Work = WorkOf(answer.Run),
        };
    }

    /// <summary>The query in integers.</summary>
    public static ImpactQuery ImpactsOf(PackedSparseVector vector) => ImpactQuery.Quantise(vector.UnpackTermIds(), vector.UnpackWeights());

    private static SparsePruning PruningOf(PruningFactors? factors) => factors is null
        ? SparsePruning.None
        : new SparsePruning((float)factors.SuperblockFactor, (float)factors.BlockFactor, (float)factors.QueryTermShare);

    private static SparseWork WorkOf(SparseRun run) => new()
    {
        Algorithms = [.. run.Algorithms],
        IsExact = run.IsExact,
        Segments = run.Segments,
        Superblocks = run.Superblocks,
        Blocks = run.Blocks,
        Documents = run.Documents,
        Postings = run.Postings,
        AllPostings = run.AllPostings,
    };
}
