using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>One line of a bulk answer: an item's fate, or (last line) the summary.</summary>
public sealed record BulkResult
{
    /// <summary>Line number in the request, from 1; 0 in the summary line.</summary>
    public required int Line { get; init; }

    /// <summary>The item's id, where the line had one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary><c>created</c>, <c>updated</c>, <c>deleted</c>, <c>not_found</c>, <c>failed</c>; <c>summary</c> in the last line.</summary>
    public required string Status { get; init; }

    /// <summary>What was wrong with this item; only with <c>failed</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BulkError? Error { get; init; }

    /// <summary>The counts; only in the last line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BulkSummary? Summary { get; init; }
}

/// <summary>Why one item of a bulk request failed.</summary>
/// <param name="Code">A stable word, for example <c>invalid_json</c>; see <see cref="ErrorCodes"/>.</param>
/// <param name="Detail">What, the value, the limit, the remedy.</param>
/// <param name="Retryable">True if the same item may succeed later; send it again with the same <c>Idempotency-Key</c>.</param>
public sealed record BulkError(string Code, string Detail, bool Retryable);

/// <summary>Counts of a bulk request's items by fate.</summary>
public sealed record BulkSummary
{
    /// <summary>Lines read, blank ones not counted.</summary>
    public int Received { get; init; }

    /// <summary>Documents that were new.</summary>
    public int Created { get; init; }

    /// <summary>Documents that replaced an older one.</summary>
    public int Updated { get; init; }

    /// <summary>Documents deleted.</summary>
    public int Deleted { get; init; }

    /// <summary>Deletes of documents that were not there.</summary>
    public int NotFound { get; init; }

    /// <summary>Items refused or not acknowledged.</summary>
    public int Failed { get; init; }
}
