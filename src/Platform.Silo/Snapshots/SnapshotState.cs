using Platform.Abstractions.Records;

namespace Platform.Silo.Snapshots;

/// <summary>What the grain of an index's snapshots stores; the snapshots themselves are in the store. Never changed in place.</summary>
internal sealed record SnapshotState
{
    private const int EndedKept = 20;

    /// <summary>The operation that goes on; null if there is none.</summary>
    public IndexOperation? Running { get; init; }

    /// <summary>Operations that have ended, newest first.</summary>
    public IReadOnlyList<IndexOperation> Ended { get; init; } = [];

    /// <summary>The state after the running operation has changed as said, if it is still the one of that id.</summary>
    public SnapshotState WithRunning(string id, Func<IndexOperation, IndexOperation> change) =>
        Running?.Id == id ? this with { Running = change(Running) } : this;

    /// <summary>The state after the running operation has ended.</summary>
    public SnapshotState AfterEnd(string id, IndexOperationState state, string? message, SnapshotWork? work, TimeSpan pause, DateTimeOffset now) => Running?.Id != id ? this : this with
    {
        Running = null,
        Ended =
        [
            Running with { State = state, Step = "", Message = message, Snapshot = work ?? Running.Snapshot, LongestPause = pause, EndedAt = now },
            .. Ended.Take(EndedKept - 1),
        ],
    };
}

/// <summary>The steps of a snapshot and of a restore.</summary>
internal static class SnapshotStep
{
    /// <summary>Every shard's writes are held for a moment: what is acknowledged then is the snapshot.</summary>
    public const string Cutting = "cutting";

    /// <summary>Files are copied, and checked if they come from a snapshot.</summary>
    public const string Copying = "copying";
}
