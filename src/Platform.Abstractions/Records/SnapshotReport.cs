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
}

/// <summary>Which snapshot a new index is made of.</summary>
/// <param name="Index">The index that it was taken of, of the same tenant.</param>
/// <param name="Name">The snapshot's name.</param>
[GenerateSerializer, Immutable, Alias("snapshot-source")]
public sealed record SnapshotSource([property: Id(0)] string Index, [property: Id(1)] string Name);
