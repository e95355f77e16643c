using Platform.Abstractions.Records;
using Platform.Silo.Snapshots;

namespace Platform.Silo.Elastic;

/// <summary>What an index grain stores. Never changed in place.</summary>
internal sealed record IndexState
{
    private const int EndedKept = 20;

    /// <summary>Indexes that have borne the name so far.</summary>
    public int Generation { get; init; }

    /// <summary>The present index; null if there is none.</summary>
    public IndexDefinition? Definition { get; init; }

    /// <summary>The first ordinal that no shard of the index has borne.</summary>
    public int NextShard { get; init; }

    /// <summary>The index that is being made of a snapshot; null if there is none. Nobody sees it yet.</summary>
    public Restoration? Restoring { get; init; }

    /// <summary>The restore that made the present index; null if none did.</summary>
    public string? RestoredBy { get; init; }

    /// <summary>The operation that changes the shards; null if there is none.</summary>
    public IndexOperation? Running { get; init; }

    /// <summary>Replaced shards that still have their files.</summary>
    public IReadOnlyList<RetiredShard> Retired { get; init; } = [];

    /// <summary>Operations that have ended, newest first.</summary>
    public IReadOnlyList<IndexOperation> Ended { get; init; } = [];

    /// <summary>The ordinals of every shard that may have files.</summary>
    public IEnumerable<int> AllShards() => (Definition?.Shards.Ranges ?? []).Select(range => range.Ordinal)
        .Concat(Retired.Select(shard => shard.Ordinal))
        .Concat((Running?.Changes ?? []).SelectMany(change => change.Targets).Select(range => range.Ordinal))
        .Distinct();

    /// <summary>The state in which a new index is there.</summary>
    public static IndexState Of(IndexDefinition definition, string? restoredBy) => new()
    {
        Generation = definition.Generation,
        Definition = definition,
        NextShard = definition.Shards.Ranges.Length,
        RestoredBy = restoredBy,
    };

    /// <summary>The state after the running operation has changed as said, if it is still the one of that id.</summary>
    public IndexState WithRunning(string id, Func<IndexOperation, IndexOperation> change) =>
        Running?.Id == id ? this with { Running = change(Running) } : this;

    /// <summary>The state after the running operation has ended.</summary>
    public IndexState AfterEnd(string id, IndexOperationState state, DateTimeOffset now) => Running?.Id != id ? this : this with
    {
        Running = null,
        Ended = [Running with { State = state, Step = "", EndedAt = now }, .. Ended.Take(EndedKept - 1)],
    };

    /// <summary>The state after the map has switched to the present change's targets.</summary>
    public IndexState AfterSwitch(string id, ShardChange change, TimeSpan pause, DateTimeOffset now) => Running?.Id != id || Definition is null ? this : this with
    {
        Definition = Definition with { Shards = Definition.Shards.After(change) },
        Retired = [.. Retired, .. change.Sources.Select(ordinal => new RetiredShard(ordinal, now))],
        Running = Running with
        {
            Step = OperationStep.Compacting,
            LongestPause = pause > Running.LongestPause ? pause : Running.LongestPause,
            Message = null,
        },
    };
}

/// <summary>A replaced shard.</summary>
/// <param name="Ordinal">Its number.</param>
/// <param name="Since">When the map switched.</param>
internal sealed record RetiredShard(int Ordinal, DateTimeOffset Since);

/// <summary>The steps of an operation; see README.md.</summary>
internal static class OperationStep
{
    public const string Sealing = "sealing";
    public const string Retiring = "retiring";
    public const string Making = "making";
    public const string Warming = "warming";
    public const string Compacting = "compacting";
    public const string TakingBack = "taking-back";
    public const string Moving = "moving";
}
