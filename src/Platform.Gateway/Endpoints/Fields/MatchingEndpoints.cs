using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;
using Platform.Gateway.Hosting;
using Platform.Gateway.Reading;
using Platform.Gateway.Security;

namespace Platform.Gateway.Endpoints.Fields;

/// <summary><c>/v1/indexes/{index}/documents/count</c> and <c>/delete</c>: what matches a filter.</summary>
internal static class MatchingEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/indexes/{index}/documents/count", CountAsync)
            .WithName("countDocuments").WithSummary("Counts the documents that match a filter.").WithTags("Documents")
            .Accepts<CountRequest>("application/json")
            .Produces<CountResponse>()
            .ProducesFaults(400, 404, 413, 415);
        routes.MapPost("/v1/indexes/{index}/documents/delete", DeleteAsync)
            .WithName("deleteDocuments").WithSummary("Deletes every document that matches a filter.").WithTags("Documents")
            .WithDescription("Each document matches at the moment of its deletion, which is durable when the answer is there. Documents go in batches, between which others may read and write; after a fault send the request again for the rest.")
            .Accepts<DeleteRequest>("application/json")
            .Produces<DeleteResponse>()
            .ProducesFaults(400, 404, 413, 415);
    }

    /// <summary>The definition of an index.</summary>
    /// <exception cref="RequestException"><c>index_not_found</c>.</exception>
    public static async Task<IndexDefinition> DefinitionAsync(IGrainFactory grains, string key, string index, CancellationToken cancellationToken) =>
        await grains.GetGrain<IIndexGrain>(key).GetAsync(cancellationToken) ?? throw new RequestException(Fault.IndexNotFound(index));

    private static async Task<IResult> CountAsync(
        HttpContext http, string index, IGrainFactory grains, IOptions<GatewayOptions> limits, CancellationToken cancellationToken)
    {
        string key = Tenant.IndexKey(http, index);
        CountRequest request = await BodyReader.ReadAsync(http.Request, GatewayJson.Request<CountRequest>(), limits.Value.MaxBodyBytes, cancellationToken);
        FilterNode? filter = request.Filter is null ? null : FilterReader.Read(request.Filter, await DefinitionAsync(grains, key, index, cancellationToken));
        DocumentCount counted = await grains.GetGrain<IQueryGrain>(key).CountAsync(filter, cancellationToken);
        var response = new CountResponse { Count = counted.Documents, Coverage = Statistics.CoverageOf(counted.Coverage) };
        return TypedResults.Json(response, GatewayJson.Answers.CountResponse);
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string index, IGrainFactory grains, IOptions<GatewayOptions> limits, CancellationToken cancellationToken)
    {
        string key = Tenant.IndexKey(http, index);
        DeleteRequest request = await BodyReader.ReadAsync(http.Request, GatewayJson.Request<DeleteRequest>(), limits.Value.MaxBodyBytes, cancellationToken);
        FilterNode filter = FilterReader.Read(request.Filter, await DefinitionAsync(grains, key, index, cancellationToken))
            ?? throw new RequestException(Fault.Invalid("Member 'filter' is missing; say which documents to delete. DELETE /v1/indexes/{index} deletes them all."));

        // Not cancelled with the request: what was begun is finished, as with a bulk request.
        long deleted = await grains.GetGrain<IIngestGrain>(key).DeleteMatchingAsync(filter, CancellationToken.None);
        return TypedResults.Json(new DeleteResponse { Deleted = deleted }, GatewayJson.Answers.DeleteResponse);
    }
}
