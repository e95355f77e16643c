using Microsoft.AspNetCore.Http;
using Platform.Client.Contracts;

namespace Platform.Gateway.Faults;

/// <summary>What a caller is told about an error: an HTTP status, a stable word, a sentence.</summary>
/// <param name="Status">The HTTP status of a request that fails for this reason.</param>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Detail">What, the value, the limit, the remedy.</param>
/// <param name="RetryAfter">When to try again; null if that would not help, or at once.</param>
internal sealed record Fault(int Status, string Code, string Detail, TimeSpan? RetryAfter = null)
{
    /// <summary>True if the same request may succeed later.</summary>
    public bool Retryable { get; init; } = Status
        is StatusCodes.Status429TooManyRequests
        or StatusCodes.Status503ServiceUnavailable
        or StatusCodes.Status504GatewayTimeout;

    /// <summary>A value is missing or outside its range.</summary>
    public static Fault Invalid(string detail) =>
        new(StatusCodes.Status400BadRequest, ErrorCodes.InvalidRequest, detail);

    /// <summary>The text is not JSON, or not of the expected shape.</summary>
    public static Fault InvalidJson(string detail) =>
        new(StatusCodes.Status400BadRequest, ErrorCodes.InvalidJson, detail);

    /// <summary>No id where one is needed.</summary>
    public static Fault MissingId(string detail) =>
        new(StatusCodes.Status400BadRequest, ErrorCodes.MissingId, detail);

    /// <summary>Something is over its limit.</summary>
    public static Fault TooLarge(string detail) =>
        new(StatusCodes.Status413PayloadTooLarge, ErrorCodes.TooLarge, detail);

    /// <summary>The content type is not one that the endpoint takes.</summary>
    public static Fault MediaType(string detail) =>
        new(StatusCodes.Status415UnsupportedMediaType, ErrorCodes.InvalidRequest, detail);

    /// <summary>The tenant has no such index.</summary>
    public static Fault IndexNotFound(string index) =>
        new(StatusCodes.Status404NotFound, ErrorCodes.IndexNotFound, $"Index '{Shorten(index)}' does not exist. GET /v1/indexes lists what there is; POST /v1/indexes creates one.");

    /// <summary>The index has no such document.</summary>
    public static Fault DocumentNotFound(string index, string id) =>
        new(StatusCodes.Status404NotFound, ErrorCodes.DocumentNotFound, $"Index '{index}' has no document '{Shorten(id)}'.");

    /// <summary>A part of the cluster does not answer just now.</summary>
    public static Fault Unavailable(string detail, TimeSpan? retryAfter = null) =>
        new(StatusCodes.Status503ServiceUnavailable, ErrorCodes.Unavailable, detail, retryAfter ?? TimeSpan.FromSeconds(1));

    /// <summary>Disk or quota is nearly full. To repeat the request does not help until somebody makes room.</summary>
    public static Fault StorageFull(string detail) => new(StatusCodes.Status507InsufficientStorage, ErrorCodes.StorageFull, detail);

    /// <summary>A fault of the service itself; its log has the rest.</summary>
    public static Fault Internal() =>
        new(StatusCodes.Status500InternalServerError, ErrorCodes.Internal, "The service failed on this request. Its log names the cause beside the trace id of this answer.");

    /// <summary>A caller's text, short enough to stand in a message.</summary>
    public static string Shorten(string text) => text.Length <= 100 ? text : $"{text[..100]}...";
}
