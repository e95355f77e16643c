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

namespace Platform.Gateway.Endpoints;

/// <summary><c>/v1/indexes</c>: create, list, describe, delete, count.</summary>
internal static class IndexEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/indexes", CreateAsync)
            .WithName("createIndex").WithSummary("Creates an index.").WithTags("Indexes")
            .Accepts<IndexSpec>("application/json")
            .Produces<IndexDescription>(StatusCodes.Status201Created)
            .ProducesFaults(400, 409, 413, 415);
        routes.MapGet("/v1/indexes", ListAsync)
            .WithName("listIndexes").WithSummary("Lists the tenant's indexes by ascending name.").WithTags("Indexes")
            .Produces<IndexList>()
            .ProducesFaults();
        routes.MapGet("/v1/indexes/{index}", GetAsync)
            .WithName("getIndex").WithSummary("Describes one index.").WithTags("Indexes")
            .Produces<IndexDescription>()
            .ProducesFaults(404);
        routes.MapDelete("/v1/indexes/{index}", DeleteAsync)
            .WithName("deleteIndex").WithSummary("Deletes an index and all its documents.").WithTags("Indexes")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesFaults(404);
        routes.MapGet("/v1/indexes/{index}/statistics", GetStatisticsAsync)
            .WithName("getIndexStatistics").WithSummary("Counts documents, postings and bytes, in all and by shard; with sparse=true also the terms and the layout of sparse postings.").WithTags("Indexes")
            .Produces<IndexStatistics>()
            .ProducesFaults(400, 404);
        routes.MapPost("/v1/indexes/{index}/statistics/terms", CountTermsAsync)
            .WithName("countTerms").WithSummary("Counts the documents that have each of some sparse terms.").WithTags("Indexes")
            .Accepts<TermCountRequest>("application/json")
            .Produces<TermCountResponse>()
            .ProducesFaults(400, 404, 413, 415);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, IGrainFactory grains, IOptions<GatewayOptions> limits, CancellationToken cancellationToken)
    {
        IndexSpec spec = await BodyReader.ReadAsync(
            http.Request, GatewayJson.Request<IndexSpec>(), limits.Value.MaxBodyBytes, cancellationToken);
        NewIndex index = IndexSpecs.Validate(spec);
        IndexDefinition made = await grains.GetGrain<ITenantGrain>(Tenant.Of(http)).CreateIndexAsync(index, cancellationToken);
        http.Response.Headers.Location = $"/v1/indexes/{made.Name}";
        return TypedResults.Json(IndexSpecs.Describe(made), GatewayJson.Answers.IndexDescription, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        IndexDefinition[] indexes = await grains.GetGrain<ITenantGrain>(Tenant.Of(http)).ListIndexesAsync(cancellationToken);
        return TypedResults.Json(
            new IndexList { Indexes = [.. indexes.Select(IndexSpecs.Describe)] }, GatewayJson.Answers.IndexList);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, string index, IGrainFactory grains, CancellationToken cancellationToken)
    {
        IndexDefinition? found = await grains.GetGrain<IIndexGrain>(Tenant.IndexKey(http, index)).GetAsync(cancellationToken);
        return found is null
            ? throw new RequestException(Fault.IndexNotFound(index))
            : TypedResults.Json(IndexSpecs.Describe(found), GatewayJson.Answers.IndexDescription);
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string index, IGrainFactory grains, CancellationToken cancellationToken)
    {
        // The name becomes no grain key here, but a name that breaks the rule is no index either.
        _ = Tenant.IndexKey(http, index);
        return await grains.GetGrain<ITenantGrain>(Tenant.Of(http)).DeleteIndexAsync(index, cancellationToken)
            ? TypedResults.NoContent()
            : throw new RequestException(Fault.IndexNotFound(index));
    }

    private static async Task<IResult> GetStatisticsAsync(
        HttpContext http, string index, string? sparse, IGrainFactory grains, CancellationToken cancellationToken)
    {
        string key = Tenant.IndexKey(http, index);
        if (sparse is not (null or "true" or "false"))
        {
            throw new RequestException(Fault.Invalid($"Parameter 'sparse' is '{Fault.Shorten(sparse)}'; it must be true or false."));
        }

        IndexReport report = await grains.GetGrain<IIndexGrain>(key).ReportAsync(cancellationToken);
        IndexStatistics statistics = Statistics.Sum(report);
        if (sparse == "true")
        {
            SparseIndexReport measured = await grains.GetGrain<IQueryGrain>(key).MeasureSparseAsync(cancellationToken);
            statistics = statistics with { Sparse = SparseStatistics.Of(measured) };
        }

        return TypedResults.Json(statistics, GatewayJson.Answers.IndexStatistics);
    }

    private static async Task<IResult> CountTermsAsync(
        HttpContext http, string index, IGrainFactory grains, IOptions<GatewayOptions> limits, CancellationToken cancellationToken)
    {
        string key = Tenant.IndexKey(http, index);
        TermCountRequest request = await BodyReader.ReadAsync(
            http.Request, GatewayJson.Request<TermCountRequest>(), limits.Value.MaxBodyBytes, cancellationToken);
        int[] termIds = TermCountCalls.Validate(request, limits.Value.MaxSparseTerms);
        SparseTermFrequencies found = await grains.GetGrain<IQueryGrain>(key).CountSparseTermsAsync(termIds, cancellationToken);
        var response = new TermCountResponse { Documents = found.Documents, Counts = found.Counts, Coverage = Statistics.CoverageOf(found.Coverage) };
        return TypedResults.Json(response, GatewayJson.Answers.TermCountResponse);
    }
}
