using Microsoft.AspNetCore.Http;
using Platform.Abstractions;
using Platform.Client.Contracts;

namespace Platform.Gateway.Faults;

/// <summary>What each exception means to a caller.</summary>
internal static class FaultMapping
{
    /// <summary>The fault of any exception. One that nobody foresaw is <see cref="ErrorCodes.Internal"/>, and says nothing of its cause.</summary>
    public static Fault ToFault(Exception exception) => exception switch
    {
        RequestException request => request.Fault,
        PlatformException platform => OfPlatform(platform),
        BadHttpRequestException http => OfHttp(http),
        TimeoutException => Fault.Unavailable("A part of the cluster did not answer in time; whether a write was applied is unknown. Send the same request again."),
        OrleansException => Fault.Unavailable("A part of the cluster does not answer just now. Send the same request again."),
        _ => Fault.Internal(),
    };

    private static Fault OfPlatform(PlatformException exception) => exception.Kind switch
    {
        FaultKind.Invalid => Fault.Invalid(exception.Message),
        FaultKind.IndexNotFound => new(StatusCodes.Status404NotFound, ErrorCodes.IndexNotFound, exception.Message),
        FaultKind.IndexExists => new(StatusCodes.Status409Conflict, ErrorCodes.IndexExists, exception.Message),
        FaultKind.EncoderMismatch => new(StatusCodes.Status409Conflict, ErrorCodes.EncoderMismatch, exception.Message),
        FaultKind.Busy => new(StatusCodes.Status429TooManyRequests, ErrorCodes.Busy, exception.Message, exception.RetryAfter ?? TimeSpan.FromSeconds(1)),
        FaultKind.Conflict => new(StatusCodes.Status409Conflict, ErrorCodes.Conflict, exception.Message),
        FaultKind.NotFound => new(StatusCodes.Status404NotFound, ErrorCodes.NotFound, exception.Message),
        FaultKind.WrongShard or FaultKind.Unavailable => Fault.Unavailable(exception.Message, exception.RetryAfter),
        FaultKind.StorageFull => Fault.StorageFull(exception.Message),
        FaultKind.SnapshotNotFound => new(StatusCodes.Status404NotFound, ErrorCodes.SnapshotNotFound, exception.Message),
        FaultKind.SnapshotExists => new(StatusCodes.Status409Conflict, ErrorCodes.SnapshotExists, exception.Message),
        FaultKind.SnapshotDamaged => new(StatusCodes.Status422UnprocessableEntity, ErrorCodes.SnapshotDamaged, exception.Message),
        FaultKind.DeadlineExceeded => new(StatusCodes.Status504GatewayTimeout, ErrorCodes.DeadlineExceeded, exception.Message),

        // The message would tell one tenant what another one has.
        FaultKind.Forbidden => new(StatusCodes.Status404NotFound, ErrorCodes.IndexNotFound, "There is no such index."),
        _ => Fault.Internal(),
    };

    private static Fault OfHttp(BadHttpRequestException exception) => exception.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => Fault.TooLarge(exception.Message),
        int status => new(status, ErrorCodes.InvalidRequest, exception.Message),
    };
}
