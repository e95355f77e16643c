namespace Platform.Client.Contracts;

/// <summary>Body of <c>POST /v1/indexes/{index}/operations</c>: what to do with the index's shards, while it is read and written.</summary>
public sealed record OperationSpec
{
    /// <summary><c>split</c>, <c>merge</c>, <c>move</c> or <c>rebalance</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The shards it is about: one for a move, at most one for a split, neighbours for a merge. Without it, a split or merge is about all.</summary>
    public IReadOnlyList<int>? Shards { get; set; }

    /// <summary>Of a split or merge: how many shards come out of those.</summary>
    public int? Into { get; set; }

    /// <summary>Of a move: the silo to go to, as address and port.</summary>
    public string? Silo { get; set; }

    /// <summary>Of a rebalance: only say what would move.</summary>
    public bool DryRun { get; set; }
}
