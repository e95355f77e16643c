using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Endpoints.Fields;
using Platform.Gateway.Faults;
using Platform.Gateway.Security;

namespace Platform.Gateway.Endpoints.Bulk;

/// <summary><c>POST /v1/indexes/{index}/documents</c>: documents to write and delete, one JSON object a line; a line of answer for each.</summary>
internal static class BulkEndpoint
{
    private const string Ndjson = "application/x-ndjson";

    // A crawler may pause between documents, and a client may send all before it reads; a dead one must still end.
    private static readonly MinDataRate Rate = new(bytesPerSecond: 100, gracePeriod: TimeSpan.FromMinutes(1));

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/indexes/{index}/documents", IngestAsync)
            .WithName("bulkDocuments").WithTags("Documents")
            .WithSummary("Writes and deletes documents: one JSON object a line in, one line of result for each out, then a summary.")
            .WithDescription("A bad line fails alone. Results stream while the body is still being sent. With an Idempotency-Key header the same request may be sent again: nothing is applied twice.")
            .TakesIdempotencyKey()
            .Accepts<BulkItem>(Ndjson, "application/jsonl", "application/json")
            .Produces<BulkResult>(StatusCodes.Status200OK, Ndjson)
            .ProducesFaults(400, 404, 415);

    private static async Task<IResult> IngestAsync(
        HttpContext http, string index, IGrainFactory grains, BulkIngest ingest, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        string key = Tenant.IndexKey(http, index);
        OperationIds operations = OperationIds.Of(http.Request);
        LiftServerLimits(http);
        if (http.Request.Headers.ContentEncoding is { Count: > 0 } encoding && !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new RequestException(Fault.MediaType($"Content-Encoding '{encoding}' is not taken; send the lines uncompressed."));
        }

        IndexDefinition definition = await MatchingEndpoints.DefinitionAsync(grains, key, index, cancellationToken);
        http.Response.ContentType = Ndjson;
        http.Response.Headers[HeaderNames.CacheControl] = "no-store";
        await ingest.RunAsync(
            grains.GetGrain<IIngestGrain>(key), operations, new DeclaredFields(definition), http.Request.BodyReader, http.Response.BodyWriter, lifetime.ApplicationStopping);
        return TypedResults.Empty;
    }

    // The body has no limit of its own: its lines do, and their number.
    private static void LiftServerLimits(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        // HTTP/2 has one rate for the whole connection.
        if (HttpProtocol.IsHttp2(http.Request.Protocol) || HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            return;
        }

        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } sending)
        {
            sending.MinDataRate = Rate;
        }

        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } reading)
        {
            reading.MinDataRate = Rate;
        }
    }
}
