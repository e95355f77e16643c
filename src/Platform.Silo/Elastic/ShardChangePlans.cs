using Platform.Abstractions;
using Platform.Abstractions.Records;

namespace Platform.Silo.Elastic;

/// <summary>Which shards change into which.</summary>
internal static class ShardChangePlans
{
    /// <summary>One change for each shard that is to split, each into equal ranges.</summary>
    /// <param name="map">The present map.</param>
    /// <param name="shard">The shard; null for all.</param>
    /// <param name="into">How many come out: of the one, or in all.</param>
    /// <param name="next">The first ordinal that no shard has borne.</param>
    /// <exception cref="PlatformException">It can't be split so.</exception>
    public static ShardChange[] Split(ShardMap map, int? shard, int into, int next)
    {
        ShardRange[] sources = shard is { } ordinal ? [RangeOf(map, ordinal)] : map.Ranges;
        int total = map.Ranges.Length - sources.Length + into;
        if (into <= sources.Length || into % sources.Length != 0 || !int.IsPow2(into / sources.Length))
        {
            throw Invalid($"{Count(sources.Length)} can't split into {into}; say a power of two times {sources.Length}, and at least {2 * sources.Length}.");
        }

        if (total > ShardMap.MaxShards)
        {
            throw Invalid($"The index would have {total} shards; it may have {ShardMap.MaxShards}.");
        }

        List<ShardChange> changes = [];
        foreach (ShardRange source in sources)
        {
            int parts = into / sources.Length;
            if (source.Width() < parts)
            {
                throw Invalid($"Shard {source.Ordinal} owns {source.Width()} hash buckets and can't split into {parts}. Split it into fewer.");
            }

            changes.Add(new ShardChange([source.Ordinal], Parts(source, parts, next)));
            next += parts;
        }

        return [.. changes];
    }

    /// <summary>One change for each shard that is to come out of several.</summary>
    /// <param name="map">The present map.</param>
    /// <param name="shards">Neighbours; null for all shards.</param>
    /// <param name="into">How many come out.</param>
    /// <param name="next">The first ordinal that no shard has borne.</param>
    /// <exception cref="PlatformException">They can't be merged so.</exception>
    public static ShardChange[] Merge(ShardMap map, int[]? shards, int into, int next)
    {
        ShardRange[] sources = shards is null ? map.Ranges : [.. shards.Distinct().Select(ordinal => RangeOf(map, ordinal)).OrderBy(range => range.FirstBucket)];
        if (into < 1 || into >= sources.Length || sources.Length % into != 0)
        {
            throw Invalid($"{Count(sources.Length)} can't merge into {into}; say a divisor of {sources.Length} that is smaller.");
        }

        int together = sources.Length / into;
        List<ShardChange> changes = [];
        foreach (ShardRange[] group in sources.Chunk(together))
        {
            for (int i = 1; i < group.Length; i++)
            {
                if (group[i].FirstBucket != group[i - 1].LastBucket + 1)
                {
                    throw Invalid($"Shards {group[i - 1].Ordinal} and {group[i].Ordinal} are no neighbours: between them lie buckets of another. Name neighbours.");
                }
            }

            changes.Add(new ShardChange([.. group.Select(range => range.Ordinal)], [new ShardRange(next++, group[0].FirstBucket, group[^1].LastBucket)]));
        }

        return [.. changes];
    }

    /// <summary>The range of a shard of the map.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.NotFound"/>.</exception>
    public static ShardRange RangeOf(ShardMap map, int ordinal)
    {
        foreach (ShardRange range in map.Ranges)
        {
            if (range.Ordinal == ordinal)
            {
                return range;
            }
        }

        throw new PlatformException(
            FaultKind.NotFound, $"The index has no shard {ordinal}; its shards are {string.Join(", ", map.Ranges.Select(range => range.Ordinal).Order())}.");
    }

    private static ShardRange[] Parts(ShardRange source, int parts, int next) =>
        [.. Enumerable.Range(0, parts).Select(i => new ShardRange(
            next + i,
            source.FirstBucket + (source.Width() * i / parts),
            source.FirstBucket + (source.Width() * (i + 1) / parts) - 1))];

    private static string Count(int shards) => shards == 1 ? "One shard" : $"{shards} shards";

    private static PlatformException Invalid(string message) => new(FaultKind.Invalid, message);
}
