using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;
using Platform.Gateway.Hosting;
using Platform.Gateway.Reading;
using Platform.Gateway.Security;

namespace Platform.Gateway.Endpoints;

/// <summary><c>/v1/indexes/{index}/snapshots</c>: take, list, delete, restore.</summary>
internal static class SnapshotEndpoints
{
    private const int MaxShards = 64;

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/indexes/{index}/snapshots", CreateAsync)
            .WithName("createSnapshot").WithSummary("Takes a snapshot of an index while writes go on.").WithTags("Snapshots")
            .Accepts<SnapshotSpec>("application/json")
            .Produces<SnapshotDescription>(StatusCodes.Status201Created)
            .ProducesFaults(400, 404, 409, 413, 415);
        routes.MapGet("/v1/indexes/{index}/snapshots", ListAsync)
            .WithName("listSnapshots").WithSummary("Lists an index's snapshots, oldest first; also of a deleted index.").WithTags("Snapshots")
            .Produces<SnapshotList>()
            .ProducesFaults(404);
        routes.MapDelete("/v1/indexes/{index}/snapshots/{snapshot}", DeleteAsync)
            .WithName("deleteSnapshot").WithSummary("Deletes a snapshot, and the files that no other one needs.").WithTags("Snapshots")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesFaults(400, 404);
        routes.MapPost("/v1/indexes/{index}/snapshots/{snapshot}/restore", RestoreAsync)
            .WithName("restoreSnapshot").WithSummary("Makes a new index of a snapshot, with any number of shards.").WithTags("Snapshots")
            .Accepts<RestoreSpec>("application/json")
            .Produces<IndexDescription>(StatusCodes.Status201Created)
            .ProducesFaults(400, 404, 409, 413, 415, 422);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, string index, IGrainFactory grains, IOptions<GatewayOptions> limits, CancellationToken cancellationToken)
    {
        SnapshotSpec spec = await BodyReader.ReadAsync(http.Request, GatewayJson.Request<SnapshotSpec>(), limits.Value.MaxBodyBytes, cancellationToken);
        SnapshotReport made = await Of(http, index, grains).CreateAsync(spec.Name ?? "", cancellationToken);
        return TypedResults.Json(Describe(made), GatewayJson.Answers.SnapshotDescription, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string index, IGrainFactory grains, CancellationToken cancellationToken)
    {
        SnapshotReport[] found = await Of(http, index, grains).ListAsync(cancellationToken);
        return TypedResults.Json(new SnapshotList { Snapshots = [.. found.Select(Describe)] }, GatewayJson.Answers.SnapshotList);
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string index, string snapshot, IGrainFactory grains, CancellationToken cancellationToken) =>
        await Of(http, index, grains).DeleteAsync(snapshot, cancellationToken)
            ? TypedResults.NoContent()
            : throw new PlatformException(FaultKind.SnapshotNotFound, $"Index '{index}' has no snapshot '{Fault.Shorten(snapshot)}'. GET /v1/indexes/{index}/snapshots lists what there is.");

    private static async Task<IResult> RestoreAsync(
        HttpContext http, string index, string snapshot, IGrainFactory grains, IOptions<GatewayOptions> limits, CancellationToken cancellationToken)
    {
        RestoreSpec spec = await BodyReader.ReadAsync(http.Request, GatewayJson.Request<RestoreSpec>(), limits.Value.MaxBodyBytes, cancellationToken);
        if (!Names.IsValid(spec.Index))
        {
            throw new RequestException(Fault.Invalid($"Member 'index' is '{Fault.Shorten(spec.Index ?? "")}'; a name is {Names.Rule}."));
        }

        if (spec.Shards is < 0 or > MaxShards || (spec.Shards & (spec.Shards - 1)) != 0)
        {
            throw new RequestException(Fault.Invalid($"Member 'shards' is {spec.Shards}; it must be a power of two, 1 to {MaxShards}, or 0 for as many as the snapshot has."));
        }

        NewIndex plan = await Of(http, index, grains).PlanRestoreAsync(snapshot, spec.Index, spec.Shards, cancellationToken);
        IndexDefinition made = await grains.GetGrain<ITenantGrain>(Tenant.Of(http)).CreateIndexAsync(plan, cancellationToken);
        http.Response.Headers.Location = $"/v1/indexes/{made.Name}";
        return TypedResults.Json(IndexSpecs.Describe(made), GatewayJson.Answers.IndexDescription, statusCode: StatusCodes.Status201Created);
    }

    private static ISnapshotGrain Of(HttpContext http, string index, IGrainFactory grains) => grains.GetGrain<ISnapshotGrain>(Tenant.IndexKey(http, index));

    private static SnapshotDescription Describe(SnapshotReport report) => new()
    {
        Name = report.Name,
        CreatedAt = report.CreatedAt,
        Shards = report.Shards,
        Files = report.Files,
        Bytes = report.Bytes,
        AddedBytes = report.AddedBytes,
    };
}
