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

/// <summary><c>/v1/indexes/{index}/snapshots</c>: take, list, delete, restore. What takes long is an operation, see <see cref="OperationEndpoints"/>.</summary>
internal static class SnapshotEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/indexes/{index}/snapshots", CreateAsync)
            .WithName("createSnapshot").WithSummary("Begins to take a snapshot of an index while writes go on.").WithTags("Snapshots")
            .Accepts<SnapshotSpec>("application/json")
            .Produces<OperationDescription>(StatusCodes.Status202Accepted)
            .ProducesFaults(400, 404, 409, 413, 415, 507);
        routes.MapGet("/v1/indexes/{index}/snapshots", ListAsync)
            .WithName("listSnapshots").WithSummary("Lists an index's snapshots, oldest first; also of a deleted index.").WithTags("Snapshots")
            .Produces<SnapshotList>()
            .ProducesFaults(404);
        routes.MapDelete("/v1/indexes/{index}/snapshots/{snapshot}", DeleteAsync)
            .WithName("deleteSnapshot").WithSummary("Deletes a snapshot, and the files that no other one needs.").WithTags("Snapshots")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesFaults(400, 404, 409);
        routes.MapPost("/v1/indexes/{index}/snapshots/{snapshot}/restore", RestoreAsync)
            .WithName("restoreSnapshot").WithSummary("Begins to make a new index of a snapshot, with any number of shards.").WithTags("Snapshots")
            .Accepts<RestoreSpec>("application/json")
            .Produces<OperationDescription>(StatusCodes.Status202Accepted)
            .ProducesFaults(400, 404, 409, 413, 415, 422, 507);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, string index, IGrainFactory grains, IOptions<GatewayOptions> limits, CancellationToken cancellationToken)
    {
        SnapshotSpec spec = await BodyReader.ReadAsync(http.Request, GatewayJson.Request<SnapshotSpec>(), limits.Value.MaxBodyBytes, cancellationToken);
        return OperationEndpoints.Begun(http, index, await Of(http, index, grains).BeginAsync(spec.Name ?? "", cancellationToken));
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
        return OperationEndpoints.Begun(http, index, await Of(http, index, grains).BeginRestoreAsync(snapshot, spec.Index ?? "", spec.Shards, cancellationToken));
    }

    private static ISnapshotGrain Of(HttpContext http, string index, IGrainFactory grains) => grains.GetGrain<ISnapshotGrain>(Tenant.IndexKey(http, index));

    private static SnapshotDescription Describe(SnapshotReport report) => new()
    {
        Name = report.Name,
        CreatedAt = report.Damage is null ? report.CreatedAt : null,
        Shards = report.Shards,
        Files = report.Files,
        Bytes = report.Bytes,
        AddedBytes = report.AddedBytes,
        Damage = report.Damage,
    };
}
