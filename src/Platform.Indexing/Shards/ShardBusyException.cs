namespace Platform.Indexing.Shards;

/// <summary>More bytes wait for the log than a shard holds; the batch was not taken.</summary>
public sealed class ShardBusyException(long limit)
    : InvalidOperationException($"More than {limit} bytes of writes wait for the shard's log. Send the batch again in a moment.");
