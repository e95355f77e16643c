namespace Platform.Abstractions.Records;

/// <summary>Operations on one shard, packed.</summary>
[GenerateSerializer, Immutable, Alias("shard-write")]
public sealed record ShardWrite
{
    /// <summary>As <c>Platform.Indexing.Shards.ShardBatch</c> says; the same bytes go into the log.</summary>
    [Id(0)]
    public required ReadOnlyMemory<byte> Operations { get; init; }
}
