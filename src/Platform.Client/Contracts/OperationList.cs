namespace Platform.Client.Contracts;

/// <summary>Answer of <c>GET /v1/indexes/{index}/operations</c>.</summary>
public sealed record OperationList
{
    /// <summary>The running one, then those that have ended, newest first, at most 20.</summary>
    public required IReadOnlyList<OperationDescription> Operations { get; init; }
}

/// <summary>A change of an index's shards. It goes on over crashes under its id.</summary>
public sealed record OperationDescription
{
    /// <summary>Its id within the index; empty for one that was only planned, or had nothing to do.</summary>
    public required string Id { get; init; }

    /// <summary><c>split</c>, <c>merge</c> or <c>move</c>.</summary>
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
}

/// <summary>One change of an <see cref="OperationDescription"/>.</summary>
/// <param name="Sources">Ordinals of the shards that are changed.</param>
/// <param name="Targets">Ordinals of those that take their place; empty for a move.</param>
/// <param name="Silo">Of a move: where the shard goes.</param>
public sealed record OperationChange(IReadOnlyList<int> Sources, IReadOnlyList<int> Targets, string? Silo);
