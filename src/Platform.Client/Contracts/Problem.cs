using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>Every error's body, <c>application/problem+json</c> (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary><c>urn:platform:error:CODE</c>.</summary>
    public string? Type { get; init; }

    /// <summary>The kind of error, for a person.</summary>
    public string? Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>What, the value, the limit, the remedy.</summary>
    public string? Detail { get; init; }

    /// <summary>A stable word for programs; one of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    /// <summary>Names this request in the service's log and traces.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }
}

/// <summary>The stable words that name an error, in <see cref="Problem.Code"/> and <see cref="BulkError.Code"/>.</summary>
public static class ErrorCodes
{
    /// <summary>A value is missing or outside its range (400).</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>The text is not JSON, or not of the expected shape (400).</summary>
    public const string InvalidJson = "invalid_json";

    /// <summary>The item has no id (400).</summary>
    public const string MissingId = "missing_id";

    /// <summary>The id stands twice in one bulk request (400).</summary>
    public const string DuplicateId = "duplicate_id";

    /// <summary>A line, document, body or batch is over its limit (413).</summary>
    public const string TooLarge = "too_large";

    /// <summary>No key, or not a valid one (401).</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>The tenant has no such index (404).</summary>
    public const string IndexNotFound = "index_not_found";

    /// <summary>The tenant has no such training job (404).</summary>
    public const string JobNotFound = "job_not_found";

    /// <summary>The index has no such document (404).</summary>
    public const string DocumentNotFound = "document_not_found";

    /// <summary>The tenant has an index of that name (409).</summary>
    public const string IndexExists = "index_exists";

    /// <summary>The index has no such shard, silo or operation (404).</summary>
    public const string NotFound = "not_found";

    /// <summary>Another operation changes the index's shards already (409).</summary>
    public const string Conflict = "conflict";

    /// <summary>The index's encoder can't do that, for example text against <c>none</c>, or there is no such model (409).</summary>
    public const string EncoderMismatch = "encoder_mismatch";

    /// <summary>A queue is full; retry after the stated time (429).</summary>
    public const string Busy = "busy";

    /// <summary>A part of the cluster does not answer just now; retry (503).</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The deadline passed before any shard answered (504).</summary>
    public const string DeadlineExceeded = "deadline_exceeded";

    /// <summary>Disk or quota is nearly full: nothing was applied, and nothing is added until there is room; deletes and reads go on (507).</summary>
    public const string StorageFull = "storage_full";

    /// <summary>The index has no such snapshot (404).</summary>
    public const string SnapshotNotFound = "snapshot_not_found";

    /// <summary>The index has a snapshot of that name (409).</summary>
    public const string SnapshotExists = "snapshot_exists";

    /// <summary>A file of the snapshot is missing, cut off or changed; nothing was restored (422).</summary>
    public const string SnapshotDamaged = "snapshot_damaged";

    /// <summary>A fault of the service (500).</summary>
    public const string Internal = "internal";
}
