namespace Platform.Abstractions.Records;

/// <summary>Which shard owns which hash buckets. A document's bucket is the top 12 bits of its key's 64-bit hash.</summary>
/// <remarks>The ranges are contiguous, ascending and cover all <see cref="Buckets"/> buckets.</remarks>
[GenerateSerializer, Immutable, Alias("shard-map")]
public sealed record ShardMap
{
    /// <summary>Number of hash buckets of every index: 2^12.</summary>
    public const int Buckets = 4096;

    /// <summary>Rises with every change of the map.</summary>
    [Id(0)]
    public required int Version { get; init; }

    /// <summary>The ranges by ascending bucket.</summary>
    [Id(1)]
    public required ShardRange[] Ranges { get; init; }

    /// <summary>A map of equal ranges.</summary>
    /// <param name="shards">A power of two, 1 to 64.</param>
    public static ShardMap Even(int shards)
    {
        int width = Buckets / shards;
        return new ShardMap
        {
            Version = 1,
            Ranges = [.. Enumerable.Range(0, shards).Select(i => new ShardRange(i, i * width, ((i + 1) * width) - 1))],
        };
    }

    /// <summary>The ordinal of the shard that owns a bucket.</summary>
    public int ShardOf(int bucket)
    {
        foreach (ShardRange range in Ranges)
        {
            if (bucket <= range.LastBucket)
            {
                return range.Ordinal;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(bucket), bucket, $"Buckets are 0 to {Buckets - 1}.");
    }
}

/// <summary>One shard's buckets, both ends included.</summary>
/// <param name="Ordinal">The shard's number within its index.</param>
/// <param name="FirstBucket">The first bucket it owns.</param>
/// <param name="LastBucket">The last bucket it owns.</param>
[GenerateSerializer, Immutable, Alias("shard-range")]
public readonly record struct ShardRange(
    [property: Id(0)] int Ordinal, [property: Id(1)] int FirstBucket, [property: Id(2)] int LastBucket);
