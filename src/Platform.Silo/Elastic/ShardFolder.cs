using Platform.Abstractions;

namespace Platform.Silo.Elastic;

/// <summary>Where shards lie in the store.</summary>
internal static class ShardFolder
{
    /// <summary>One shard's folder.</summary>
    public static string Of(ShardKey key) => $"shards/{key}";

    /// <summary>What the folders of all shards of an index begin with, one generation of it.</summary>
    public static string OfAll(IndexKey key, int generation) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"shards/{key}/{generation}/");
}
