using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints.Bulk;

/// <summary>An item's fate, from the cluster's words to the contract's.</summary>
internal static class Outcomes
{
    /// <summary>The line of the answer for an item that was sent.</summary>
    public static BulkResult ResultOf(int line, string id, ItemOutcome outcome) => outcome.Status switch
    {
        ItemStatus.Created => new BulkResult { Line = line, Id = id, Status = "created" },
        ItemStatus.Updated => new BulkResult { Line = line, Id = id, Status = "updated" },
        ItemStatus.Deleted => new BulkResult { Line = line, Id = id, Status = "deleted" },
        ItemStatus.NotFound => new BulkResult { Line = line, Id = id, Status = "not_found" },
        _ => Failed(line, id, FaultOf(outcome)),
    };

    /// <summary>The line of the answer for an item that failed.</summary>
    public static BulkResult Failed(int line, string? id, Fault fault) =>
        new() { Line = line, Id = id, Status = "failed", Error = new BulkError(fault.Code, fault.Detail, fault.Retryable) };

    /// <summary>Why an item was refused or not acknowledged.</summary>
    public static Fault FaultOf(ItemOutcome outcome) => outcome.Status switch
    {
        ItemStatus.Refused => Fault.Invalid(outcome.Detail ?? "The index refused the document."),
        ItemStatus.NoRoom => Fault.StorageFull(outcome.Detail ?? "The store is nearly full; make room, then send the document again."),
        _ => Fault.Unavailable(outcome.Detail ?? "The shard did not acknowledge the document; it may have been applied or not. Send it again with the same Idempotency-Key."),
    };
}
