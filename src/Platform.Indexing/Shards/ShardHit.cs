namespace Platform.Indexing.Shards;

/// <summary>A found document.</summary>
/// <param name="DocumentKey">The caller's key.</param>
/// <param name="Score">Inner product of query and document.</param>
public readonly record struct ShardHit(string DocumentKey, double Score);
