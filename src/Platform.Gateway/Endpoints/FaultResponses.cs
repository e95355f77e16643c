using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints;

/// <summary>States in the OpenAPI document which errors an endpoint answers.</summary>
internal static class FaultResponses
{
    private static readonly int[] Everywhere =
    [
        StatusCodes.Status401Unauthorized,
        StatusCodes.Status429TooManyRequests,
        StatusCodes.Status500InternalServerError,
        StatusCodes.Status503ServiceUnavailable,
    ];

    /// <summary>Adds the given statuses, and those of every endpoint, each with a <see cref="Problem"/>.</summary>
    public static RouteHandlerBuilder ProducesFaults(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (int status in (int[])[.. statuses, .. Everywhere])
        {
            endpoint.Produces<Problem>(status, ProblemWriter.MediaType);
        }

        return endpoint;
    }
}
