using Platform.Client.Contracts;

namespace Platform.Client;

/// <summary>A call that failed: the service's problem document, or one that the client wrote where no answer came.</summary>
/// <remarks>The message is one line for a person: what, the value, the limit, the remedy.</remarks>
public class PlatformClientException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="problem">What went wrong; its code is one of <see cref="ErrorCodes"/> or <see cref="ClientErrorCodes"/>.</param>
    /// <param name="retryAfter">How long the service asked to wait.</param>
    /// <param name="innerException">The fault below, where there was one.</param>
    public PlatformClientException(Problem problem, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(problem.Detail ?? problem.Title ?? $"The service answered with status {problem.Status}.", innerException)
    {
        Problem = problem;
        RetryAfter = retryAfter;
    }

    /// <summary>Code, status, detail and trace id. Status is 0 where no answer came.</summary>
    public Problem Problem { get; }

    /// <summary>How long the service asked to wait before the next attempt; null if it did not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The stable word for the error; see <see cref="ErrorCodes"/> and <see cref="ClientErrorCodes"/>.</summary>
    public string Code => Problem.Code ?? ClientErrorCodes.UnexpectedAnswer;

    /// <summary>True if the same call may succeed later, unchanged.</summary>
    public bool IsTransient => Problem.Status switch
    {
        408 or 429 or 500 or 502 or 503 or 504 => true,
        0 => Code is ClientErrorCodes.Unreachable or ClientErrorCodes.ConnectionLost or ClientErrorCodes.Timeout,
        _ => Code is ClientErrorCodes.ConnectionLost,
    };

    /// <summary>True if another endpoint of the cluster may do better at once.</summary>
    internal bool IsEndpointDown => Problem.Status == 503 || Code is ClientErrorCodes.Unreachable;

    /// <summary>True if the service may have carried the call out although it failed here.</summary>
    internal bool MayHaveBeenApplied =>
        Problem.Status >= 500 || Code is ClientErrorCodes.ConnectionLost or ClientErrorCodes.Timeout or ClientErrorCodes.UnexpectedAnswer;

    internal static PlatformClientException Make(
        string code, string title, string detail, Exception? inner = null, int status = 0) =>
        new(
            new Problem { Type = $"urn:platform:error:{code}", Title = title, Status = status, Detail = detail, Code = code },
            innerException: inner);
}

/// <summary>The words for what only a client can see; they join <see cref="ErrorCodes"/>.</summary>
public static class ClientErrorCodes
{
    /// <summary>No connection could be opened: the request was never sent.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The connection broke before the answer was complete: whether the request was carried out is unknown.</summary>
    public const string ConnectionLost = "connection_lost";

    /// <summary>No answer within <see cref="PlatformClientOptions.RequestTimeout"/>: whether the request was carried out is unknown.</summary>
    public const string Timeout = "timeout";

    /// <summary>What answered does not speak this protocol; the URL may be another service's.</summary>
    public const string UnexpectedAnswer = "unexpected_answer";

    /// <summary>The item was read but not sent, because the ingest had stopped.</summary>
    public const string NotSent = "not_sent";
}
