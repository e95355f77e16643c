namespace Platform.Indexing.Shards;

/// <summary>Another activation has taken the shard over; this one acknowledges nothing more.</summary>
public sealed class ShardFencedException(string shard, long epoch)
    : IOException($"Shard '{shard}' is owned by a later epoch than {epoch}. Send the operation again; it reaches the new owner.");
