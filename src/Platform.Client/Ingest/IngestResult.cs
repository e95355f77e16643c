using Platform.Client.Contracts;

namespace Platform.Client.Ingest;

/// <summary>The fate of one item of an ingest.</summary>
/// <param name="Position">The item's place in the source, from 1.</param>
/// <param name="Id">The item's id, as given.</param>
/// <param name="Status">What happened.</param>
/// <param name="Error">Why; only with <see cref="IngestStatus.Failed"/> and <see cref="IngestStatus.Unknown"/>.</param>
public sealed record IngestResult(long Position, string Id, IngestStatus Status, BulkError? Error = null)
{
    /// <summary>True if the operation is durable.</summary>
    public bool IsAcknowledged => Status is not (IngestStatus.Failed or IngestStatus.Unknown);
}

/// <summary>What can happen to an item of an ingest.</summary>
public enum IngestStatus
{
    /// <summary>A new document; durable.</summary>
    Created,

    /// <summary>Replaced an older one; durable.</summary>
    Updated,

    /// <summary>Deleted; durable.</summary>
    Deleted,

    /// <summary>There was nothing to delete.</summary>
    NotFound,

    /// <summary>Not applied: refused, or never accepted.</summary>
    Failed,

    /// <summary>Every attempt went unanswered, or the service failed on it: it may have been applied or not. Ingest it again to be sure.</summary>
    Unknown,
}
