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

    /// <summary>The most shards of an index.</summary>
    public const int MaxShards = 256;

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

    /// <summary>This map after a change: the sources' ranges give way to the targets'.</summary>
    /// <exception cref="ArgumentException">The targets cover other buckets than the sources.</exception>
    public ShardMap After(ShardChange change)
    {
        var after = new ShardMap
        {
            Version = Version + 1,
            Ranges = [.. Ranges.Where(range => !change.Sources.Contains(range.Ordinal)).Concat(change.Targets).OrderBy(range => range.FirstBucket)],
        };
        int next = 0;
        foreach (ShardRange range in after.Ranges)
        {
            if (range.FirstBucket != next || range.LastBucket < range.FirstBucket)
            {
                throw new ArgumentException($"After the change no shard or two would own bucket {Math.Min(next, range.FirstBucket)}.", nameof(change));
            }

            next = range.LastBucket + 1;
        }

        return next == Buckets ? after : throw new ArgumentException($"After the change no shard would own bucket {next}.", nameof(change));
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
    [property: Id(0)] int Ordinal, [property: Id(1)] int FirstBucket, [property: Id(2)] int LastBucket)
{
    /// <summary>How many buckets.</summary>
    public int Width() => LastBucket - FirstBucket + 1;
}
