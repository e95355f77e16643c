namespace Platform.Indexing.Shards;

/// <summary>The shard does not own a bucket of the batch, or has handed its buckets on; nothing was applied.</summary>
public sealed class WrongShardException : InvalidOperationException
{
    private WrongShardException(string message)
        : base(message)
    {
    }

    internal static WrongShardException Outside(BucketRange owned) =>
        new($"The shard owns the buckets {owned} and the batch has a document of another one. Look at the index's shard map and send the batch again.");

    internal static WrongShardException Retired(string by) =>
        new($"The shard takes no more writes: operation '{by}' hands its buckets to other shards. Look at the index's shard map and send the batch again.");
}
