namespace Platform.Client.Contracts;

/// <summary>Answer of <c>GET /v1/indexes/{index}/operations</c>.</summary>
public sealed record OperationList
{
    /// <summary>Those that run, then those that have ended, newest first: at most 20 on shards and 20 on snapshots.</summary>
    public required IReadOnlyList<OperationDescription> Operations { get; init; }
}

/// <summary>A change of an index's shards, or work on its snapshots. It goes on over crashes under its id.</summary>
public sealed record OperationDescription
{
    /// <summary>Its id within the index; empty for one that was only planned, or had nothing to do.</summary>
    public required string Id { get; init; }

    /// <summary><c>split</c>, <c>merge</c>, <c>move</c>, <c>snapshot</c> or <c>restore</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>planned</c>, <c>running</c>, <c>done</c>, <c>cancelled</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>What it does just now; empty unless it runs.</summary>
    public required string Step { get; init; }

    /// <summary>How many of its changes are made.</summary>
    public required int Done { get; init; }

    /// <summary>Its changes, made one after another.</summary>
    public required IReadOnlyList<OperationChange> Changes { get; init; }

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The longest time in milliseconds for which writes to a shard waited.</summary>
    public double LongestPauseMilliseconds { get; set; }

    /// <summary>Why it failed, or what keeps it.</summary>
    public string? Message { get; set; }

    /// <summary>Of a snapshot or a restore: the snapshot's name.</summary>
    public string? Snapshot { get; set; }

    /// <summary>Of a restore: the new index, which is there once the operation is done.</summary>
    public string? Target { get; set; }

    /// <summary>Of a snapshot or a restore: files that are copied and checked.</summary>
    public int Files { get; set; }

    /// <summary>Of a snapshot or a restore: files to copy; 0 until that is known.</summary>
    public int TotalFiles { get; set; }

    /// <summary>Of a snapshot or a restore: bytes of <see cref="Files"/>.</summary>
    public long Bytes { get; set; }
}

/// <summary>One change of an <see cref="OperationDescription"/>.</summary>
/// <param name="Sources">Ordinals of the shards that are changed.</param>
/// <param name="Targets">Ordinals of those that take their place; empty for a move.</param>
/// <param name="Silo">Of a move: where the shard goes.</param>
public sealed record OperationChange(IReadOnlyList<int> Sources, IReadOnlyList<int> Targets, string? Silo);
