namespace Platform.Abstractions.Records;

/// <summary>A change of an index's shards, or a copy of them, that goes on beside reads and writes; it survives crashes under the same id.</summary>
[GenerateSerializer, Immutable, Alias("index-operation")]
public sealed record IndexOperation
{
    /// <summary>Names it within its index, for good.</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>What it does.</summary>
    [Id(1)]
    public required IndexOperationKind Kind { get; init; }

    /// <summary>How it stands.</summary>
    [Id(2)]
    public required IndexOperationState State { get; init; }

    /// <summary>The present step of the present change; empty once it has ended. The steps are in <c>Platform.Silo/Elastic/README.md</c>.</summary>
    [Id(3)]
    public required string Step { get; init; }

    /// <summary>What it changes, one after another.</summary>
    [Id(4)]
    public required ShardChange[] Changes { get; init; }

    /// <summary>How many of <see cref="Changes"/> are done.</summary>
    [Id(5)]
    public int Done { get; init; }

    /// <summary>When it began, UTC.</summary>
    [Id(6)]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, UTC; null while it runs.</summary>
    [Id(7)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The longest time for which writes to a shard had to wait.</summary>
    [Id(8)]
    public TimeSpan LongestPause { get; init; }

    /// <summary>Why it failed or what it waits for; else null.</summary>
    [Id(9)]
    public string? Message { get; init; }

    /// <summary>Whether somebody asked to end it.</summary>
    [Id(10)]
    public bool CancelRequested { get; init; }

    /// <summary>Of a snapshot or a restore: what it copies, and how far it is. Else null.</summary>
    [Id(11)]
    public SnapshotWork? Snapshot { get; init; }
}

/// <summary>What a snapshot or a restore copies.</summary>
/// <param name="Name">The snapshot.</param>
/// <param name="Target">Of a restore: the new index. Else null.</param>
/// <param name="Generation">Of a snapshot: which index of that name it is taken of. Else 0.</param>
/// <param name="Shards">Of a restore: shards of the new index. Else 0.</param>
/// <param name="Files">Files that are copied, or were there.</param>
/// <param name="TotalFiles">Files to copy; 0 until that is known.</param>
/// <param name="Bytes">Bytes of <paramref name="Files"/>.</param>
[GenerateSerializer, Immutable, Alias("snapshot-work")]
public sealed record SnapshotWork(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Target,
    [property: Id(2)] int Generation,
    [property: Id(3)] int Shards,
    [property: Id(4)] int Files = 0,
    [property: Id(5)] int TotalFiles = 0,
    [property: Id(6)] long Bytes = 0);

/// <summary>One change: some shards hand their buckets to others, or one shard goes to another silo.</summary>
/// <param name="Sources">The ordinals of the shards that are changed; those of a split or merge are neighbours.</param>
/// <param name="Targets">The shards that take their place; empty for a move.</param>
/// <param name="Silo">Of a move: the silo it goes to, as address and port. Else null.</param>
[GenerateSerializer, Immutable, Alias("shard-change")]
public sealed record ShardChange([property: Id(0)] int[] Sources, [property: Id(1)] ShardRange[] Targets, [property: Id(2)] string? Silo = null);

/// <summary>Kinds of <see cref="IndexOperation"/>.</summary>
[GenerateSerializer, Alias("index-operation-kind")]
public enum IndexOperationKind
{
    /// <summary>Shards become more.</summary>
    Split,

    /// <summary>Shards become fewer.</summary>
    Merge,

    /// <summary>Shards go to other silos.</summary>
    Move,

    /// <summary>A snapshot is taken; see <see cref="Grains.ISnapshotGrain"/>.</summary>
    Snapshot,

    /// <summary>An index is made of a snapshot.</summary>
    Restore,
}

/// <summary>How an <see cref="IndexOperation"/> stands.</summary>
[GenerateSerializer, Alias("index-operation-state")]
public enum IndexOperationState
{
    /// <summary>It goes on.</summary>
    Running,

    /// <summary>All its changes are made.</summary>
    Done,

    /// <summary>It was ended; the changes made until then stay.</summary>
    Cancelled,

    /// <summary>It could not go on; the change that failed was taken back, those before stay.</summary>
    Failed,
}

/// <summary>The shards of an index: the map, and what each of them says.</summary>
/// <param name="Map">Who owns which buckets.</param>
/// <param name="Reports">Those that answer, by ascending ordinal.</param>
/// <param name="Coverage">Which did.</param>
/// <param name="Retired">Ordinals of shards that were replaced and whose files others still need.</param>
[GenerateSerializer, Immutable, Alias("shard-listing")]
public sealed record ShardListing(
    [property: Id(0)] ShardMap Map,
    [property: Id(1)] ShardReport[] Reports,
    [property: Id(2)] ShardCoverage Coverage,
    [property: Id(3)] int[] Retired);
