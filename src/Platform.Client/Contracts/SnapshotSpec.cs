namespace Platform.Client.Contracts;

/// <summary>Body of <c>POST /v1/indexes/{index}/snapshots</c>.</summary>
public sealed record SnapshotSpec
{
    /// <summary>1 to 63 of <c>a-z 0-9 . _ -</c>, starting with a letter or digit; unique within the index.</summary>
    public required string Name { get; init; }
}

/// <summary>One snapshot of an index: what it held at one moment.</summary>
public sealed record SnapshotDescription
{
    /// <summary>The snapshot's name.</summary>
    public required string Name { get; init; }

    /// <summary>The moment, UTC; absent if its list of files is damaged.</summary>
    public DateTimeOffset? CreatedAt { get; set; }

    /// <summary>Shards of the index at that time.</summary>
    public required int Shards { get; init; }

    /// <summary>Files that it consists of.</summary>
    public required int Files { get; init; }

    /// <summary>Bytes of them.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes that no snapshot had before it; snapshots share the rest.</summary>
    public required long AddedBytes { get; init; }

    /// <summary>Why its list of files can't be read, so that it can only be deleted; absent if it can.</summary>
    public string? Damage { get; set; }
}

/// <summary>Answer of <c>GET /v1/indexes/{index}/snapshots</c>.</summary>
public sealed record SnapshotList
{
    /// <summary>The index's snapshots, oldest first, then those whose list of files is damaged. They stay when the index is deleted.</summary>
    public required IReadOnlyList<SnapshotDescription> Snapshots { get; init; }
}

/// <summary>Body of <c>POST /v1/indexes/{index}/snapshots/{snapshot}/restore</c>.</summary>
public sealed record RestoreSpec
{
    /// <summary>The name of the new index, which must not exist.</summary>
    public required string Index { get; init; }

    /// <summary>Its number of shards, a power of two, 1 to 64; 0 for as many as the snapshot has, rounded up to a power of two.</summary>
    public int Shards { get; set; }
}
