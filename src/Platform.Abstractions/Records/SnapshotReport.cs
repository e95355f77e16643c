namespace Platform.Abstractions.Records;

/// <summary>A snapshot, for people.</summary>
[GenerateSerializer, Immutable, Alias("snapshot-report")]
public sealed record SnapshotReport
{
    /// <summary>The snapshot's name within its index.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    [Id(1)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Shards of the index at that time.</summary>
    [Id(2)]
    public required int Shards { get; init; }

    /// <summary>Files that it consists of.</summary>
    [Id(3)]
    public required int Files { get; init; }

    /// <summary>Bytes of them.</summary>
    [Id(4)]
    public required long Bytes { get; init; }

    /// <summary>Bytes that no snapshot had before it; the others were there.</summary>
    [Id(5)]
    public required long AddedBytes { get; init; }

    /// <summary>Why its list of files can't be read, so that nothing else is known of it; null if it can.</summary>
    [Id(6)]
    public string? Damage { get; init; }
}

/// <summary>Which snapshot a new index is made of.</summary>
/// <param name="Index">The index that it was taken of, of the same tenant.</param>
/// <param name="Name">The snapshot's name.</param>
/// <param name="Operation">The restore, by its id.</param>
[GenerateSerializer, Immutable, Alias("snapshot-source")]
public sealed record SnapshotSource([property: Id(0)] string Index, [property: Id(1)] string Name, [property: Id(2)] string Operation);

/// <summary>How far a copy is.</summary>
/// <param name="Files">Files that are there.</param>
/// <param name="TotalFiles">Files to copy; 0 until that is known.</param>
/// <param name="Bytes">Bytes of <paramref name="Files"/>.</param>
/// <param name="IsDone">Whether all is copied.</param>
/// <param name="Snapshot">Of a shard's copy that is done: what a snapshot needs of it, a <c>ShardSnapshot</c> of Platform.Indexing as JSON. Else null.</param>
[GenerateSerializer, Immutable, Alias("copy-report")]
public sealed record CopyReport(
    [property: Id(0)] int Files,
    [property: Id(1)] int TotalFiles,
    [property: Id(2)] long Bytes,
    [property: Id(3)] bool IsDone,
    [property: Id(4)] byte[]? Snapshot = null);
