using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Client.Contracts;

namespace Platform.Gateway.Faults;

/// <summary>Turns what a request throws into a problem document. Only a fault of the service itself is logged as an error.</summary>
internal sealed partial class ProblemExceptionHandler(ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        Fault fault = FaultMapping.ToFault(exception);
        if (string.Equals(fault.Code, ErrorCodes.Internal, StringComparison.Ordinal))
        {
            LogFailed(exception, httpContext.Request.Method, httpContext.Request.Path);
        }
        else if (string.Equals(fault.Code, ErrorCodes.Unavailable, StringComparison.Ordinal))
        {
            LogUnavailable(httpContext.Request.Method, httpContext.Request.Path, exception.GetType().Name, exception.Message);
        }

        await ProblemWriter.WriteAsync(httpContext, fault);
        return true;
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogFailed(Exception exception, string method, PathString path);

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} could not be served: {Fault}: {Reason}")]
    private partial void LogUnavailable(string method, PathString path, string fault, string reason);
}
