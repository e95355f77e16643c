namespace Platform.Indexing.Shards;

/// <summary>There is no shard where one was to be opened: it was never made, or it has been destroyed.</summary>
public sealed class ShardMissingException(string shard)
    : IOException($"There is no shard '{shard}'. Look at the index's shard map and send the call again.");
