namespace Platform.Client.Contracts;

/// <summary>Answer of <c>GET /v1/indexes/{index}/shards</c>: who owns which hash buckets, and how each shard stands.</summary>
public sealed record ShardList
{
    /// <summary>Rises with every change of the map.</summary>
    public required int Version { get; init; }

    /// <summary>Each shard by ascending bucket.</summary>
    public required IReadOnlyList<ShardPlace> Shards { get; init; }

    /// <summary>Replaced shards whose files others still use.</summary>
    public required IReadOnlyList<int> Retired { get; init; }

    /// <summary>Which shards answered; the others have no figures.</summary>
    public required Coverage Coverage { get; init; }
}

/// <summary>One shard of a <see cref="ShardList"/>.</summary>
public sealed record ShardPlace
{
    /// <summary>The shard's number within its index; a new shard has a new one.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The first of its hash buckets, from 0.</summary>
    public required int FirstBucket { get; init; }

    /// <summary>The last of them, at most 4,095.</summary>
    public required int LastBucket { get; init; }

    /// <summary><c>serving</c>; <c>sharing</c>: it still uses files of a replaced shard; <c>retiring</c>: another takes its place now; <c>missing</c>: it did not answer.</summary>
    public required string State { get; init; }

    /// <summary>The silo that serves it, as address and port; null if it did not answer.</summary>
    public string? Silo { get; set; }

    /// <summary>Searchable documents.</summary>
    public long Documents { get; set; }

    /// <summary>Bytes of segments and log.</summary>
    public long Bytes { get; set; }

    /// <summary>Searches and fetches a second, lately.</summary>
    public double ReadsPerSecond { get; set; }
}
