using Platform.Indexing.Sparse;

namespace Platform.Indexing.Shards;

/// <summary>The best documents of a shard for a sparse query, and what finding them took.</summary>
/// <param name="Hits">Score descending, then key ascending by UTF-8 bytes.</param>
/// <param name="Run">Algorithms and figures, over all segments.</param>
public sealed record SparseAnswer(ShardHit[] Hits, SparseRun Run);
