using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints;

/// <summary>Between the contract's words for operations and shards and the cluster's.</summary>
internal static class Operations
{
    public const string Split = "split";
    public const string Merge = "merge";
    public const string Move = "move";
    public const string Rebalance = "rebalance";

    /// <summary>Checks what can be checked without the index.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c>, naming every fault at once.</exception>
    public static void Validate(OperationSpec spec)
    {
        List<string> faults = [];
        int shards = spec.Shards?.Count ?? 0;
        switch (spec.Kind)
        {
            case Split or Merge:
                Check(faults, spec.Into is >= 1 and <= ShardMap.MaxShards, $"Member 'into' is {spec.Into?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "missing"}; it must be 1 to {ShardMap.MaxShards}, the shards that come out.");
                Check(faults, spec.Kind == Merge || spec.Shards is null or { Count: 1 }, $"Member 'shards' has {shards} shards; a split takes one, or without the member all.");
                Check(faults, spec.Kind == Split || spec.Shards is null || shards is >= 2 and <= ShardMap.MaxShards, $"Member 'shards' has {shards} shards; a merge takes 2 to {ShardMap.MaxShards} neighbours, or without the member all.");
                break;
            case Move:
                Check(faults, shards == 1, $"Member 'shards' has {shards} shards; a move takes one.");
                Check(faults, !string.IsNullOrEmpty(spec.Silo), "Member 'silo' is missing; it is an address and port as the list of shards gives them.");
                break;
            case Rebalance:
                break;
            default:
                faults.Add($"Member 'kind' is '{Fault.Shorten(spec.Kind ?? "")}'; it must be {Split}, {Merge}, {Move} or {Rebalance}.");
                break;
        }

        Check(faults, spec.Silo is null || spec.Kind == Move, "Member 'silo' belongs to a move only.");
        Check(faults, !spec.DryRun || spec.Kind == Rebalance, "Member 'dryRun' belongs to a rebalance only.");
        if (faults.Count > 0)
        {
            throw new RequestException(Fault.Invalid(string.Join(' ', faults)));
        }
    }

    /// <summary>An operation as its tenant sees it.</summary>
    public static OperationDescription Describe(IndexOperation operation) => new()
    {
        Id = operation.Id,
        Kind = operation.Kind.ToString().ToLowerInvariant(),
        State = operation.State.ToString().ToLowerInvariant(),
        Step = operation.Step,
        Done = operation.Done,
        Changes = [.. operation.Changes.Select(Describe)],
        StartedAt = operation.StartedAt,
        EndedAt = operation.EndedAt,
        LongestPauseMilliseconds = operation.LongestPause.TotalMilliseconds,
        Message = operation.Message,
        Snapshot = operation.Snapshot?.Name,
        Target = operation.Snapshot?.Target,
        Files = operation.Snapshot?.Files ?? 0,
        TotalFiles = operation.Snapshot?.TotalFiles ?? 0,
        Bytes = operation.Snapshot?.Bytes ?? 0,
    };

    /// <summary>Moves that are only thought of, or none where none are needed.</summary>
    public static OperationDescription Planned(ShardChange[] moves, bool isDone) => new()
    {
        Id = "",
        Kind = Move,
        State = isDone ? "done" : "planned",
        Step = "",
        Done = 0,
        Changes = [.. moves.Select(Describe)],
    };

    /// <summary>The shards as their tenant sees them.</summary>
    public static ShardList Describe(ShardListing listing)
    {
        Dictionary<int, ShardReport> reports = listing.Reports.ToDictionary(report => report.Ordinal);
        return new ShardList
        {
            Version = listing.Map.Version,
            Shards = [.. listing.Map.Ranges.Select(range => Describe(range, reports.GetValueOrDefault(range.Ordinal)))],
            Retired = listing.Retired,
            Coverage = Statistics.CoverageOf(listing.Coverage),
        };
    }

    private static ShardPlace Describe(ShardRange range, ShardReport? report) => new()
    {
        Ordinal = range.Ordinal,
        FirstBucket = range.FirstBucket,
        LastBucket = range.LastBucket,
        State = report is null ? "missing" : report.RetiredBy is not null ? "retiring" : report.BorrowedFrom.Length > 0 ? "sharing" : "serving",
        Silo = report?.Silo,
        Documents = report?.Documents ?? 0,
        Bytes = report is null ? 0 : report.SegmentBytes + report.LogBytes,
        ReadsPerSecond = report?.ReadsPerSecond ?? 0,
    };

    private static OperationChange Describe(ShardChange change) => new(change.Sources, [.. change.Targets.Select(target => target.Ordinal)], change.Silo);

    private static void Check(List<string> faults, bool holds, string fault)
    {
        if (!holds)
        {
            faults.Add(fault);
        }
    }
}
