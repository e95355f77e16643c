using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
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

/// <summary><c>/v1/indexes/{index}/shards</c> and <c>/operations</c>: where an index's shards are, and how they change.</summary>
internal static class OperationEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/indexes/{index}/shards", ListShardsAsync)
            .WithName("listShards").WithSummary("Lists an index's shards with their buckets, silos and figures.").WithTags("Operations")
            .Produces<ShardList>()
            .ProducesFaults(404);
        routes.MapPost("/v1/indexes/{index}/operations", BeginAsync)
            .WithName("beginOperation").WithSummary("Splits, merges, moves or rebalances shards while the index is read and written.").WithTags("Operations")
            .Accepts<OperationSpec>("application/json")
            .Produces<OperationDescription>(StatusCodes.Status202Accepted)
            .Produces<OperationDescription>()
            .ProducesFaults(400, 404, 409, 413, 415);
        routes.MapGet("/v1/indexes/{index}/operations", ListAsync)
            .WithName("listOperations").WithSummary("Lists the operations that run, on shards and on snapshots, and the latest that have ended.").WithTags("Operations")
            .Produces<OperationList>()
            .ProducesFaults(404);
        routes.MapGet("/v1/indexes/{index}/operations/{operation}", GetAsync)
            .WithName("getOperation").WithSummary("Tells how an operation stands.").WithTags("Operations")
            .Produces<OperationDescription>()
            .ProducesFaults(404);
        routes.MapDelete("/v1/indexes/{index}/operations/{operation}", CancelAsync)
            .WithName("cancelOperation").WithSummary("Ends an operation: what is not switched yet is taken back.").WithTags("Operations")
            .Produces<OperationDescription>(StatusCodes.Status202Accepted)
            .ProducesFaults(404);
    }

    private static async Task<IResult> ListShardsAsync(HttpContext http, string index, IGrainFactory grains, CancellationToken cancellationToken)
    {
        ShardListing listing = await IndexOf(http, index, grains).ListShardsAsync(cancellationToken);
        return TypedResults.Json(Operations.Describe(listing), GatewayJson.Answers.ShardList);
    }

    private static async Task<IResult> BeginAsync(
        HttpContext http, string index, IGrainFactory grains, IOptions<GatewayOptions> limits, CancellationToken cancellationToken)
    {
        OperationSpec spec = await BodyReader.ReadAsync(http.Request, GatewayJson.Request<OperationSpec>(), limits.Value.MaxBodyBytes, cancellationToken);
        Operations.Validate(spec);
        IIndexGrain grain = IndexOf(http, index, grains);
        if (spec.Kind == Operations.Rebalance)
        {
            ShardChange[] moves = await grain.PlanBalanceAsync(cancellationToken);
            return spec.DryRun || moves.Length == 0
                ? TypedResults.Json(Operations.Planned(moves, isDone: !spec.DryRun), GatewayJson.Answers.OperationDescription)
                : Begun(http, index, await grain.MoveAsync(moves, cancellationToken));
        }

        return Begun(http, index, await (spec.Kind switch
        {
            Operations.Split => grain.SplitAsync(spec.Shards is { } one ? one[0] : null, spec.Into!.Value, cancellationToken),
            Operations.Merge => grain.MergeAsync(spec.Shards is { } neighbours ? [.. neighbours] : null, spec.Into!.Value, cancellationToken),
            _ => grain.MoveAsync([new ShardChange([spec.Shards![0]], [], spec.Silo)], cancellationToken),
        }));
    }

    private static async Task<IResult> ListAsync(HttpContext http, string index, IGrainFactory grains, CancellationToken cancellationToken) =>
        TypedResults.Json(
            new OperationList { Operations = [.. (await AllAsync(http, index, grains, cancellationToken)).Select(Operations.Describe)] },
            GatewayJson.Answers.OperationList);

    private static async Task<IResult> GetAsync(HttpContext http, string index, string operation, IGrainFactory grains, CancellationToken cancellationToken)
    {
        IndexOperation? found = (await AllAsync(http, index, grains, cancellationToken)).FirstOrDefault(one => one.Id == operation);
        return found is null
            ? throw new RequestException(new Fault(
                StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"Index '{index}' has no operation '{Fault.Shorten(operation)}', or it ended long ago. List the operations."))
            : TypedResults.Json(Operations.Describe(found), GatewayJson.Answers.OperationDescription);
    }

    private static async Task<IResult> CancelAsync(HttpContext http, string index, string operation, IGrainFactory grains, CancellationToken cancellationToken)
    {
        IndexOperation[] ofSnapshots = await SnapshotsOf(http, index, grains).ListOperationsAsync(cancellationToken);
        IndexOperation cancelled = await (ofSnapshots.Any(one => one.Id == operation)
            ? SnapshotsOf(http, index, grains).CancelOperationAsync(operation, cancellationToken)
            : IndexOf(http, index, grains).CancelOperationAsync(operation, cancellationToken));
        return TypedResults.Json(Operations.Describe(cancelled), GatewayJson.Answers.OperationDescription, statusCode: StatusCodes.Status202Accepted);
    }

    /// <summary>The answer to who began an operation.</summary>
    internal static JsonHttpResult<OperationDescription> Begun(HttpContext http, string index, IndexOperation operation)
    {
        http.Response.Headers.Location = $"/v1/indexes/{index}/operations/{operation.Id}";
        return TypedResults.Json(Operations.Describe(operation), GatewayJson.Answers.OperationDescription, statusCode: StatusCodes.Status202Accepted);
    }

    /// <summary>The operations on an index and on its snapshots: those that run, then those that ended, newest first.</summary>
    private static async Task<IndexOperation[]> AllAsync(HttpContext http, string index, IGrainFactory grains, CancellationToken cancellationToken)
    {
        IIndexGrain grain = IndexOf(http, index, grains);
        IndexOperation[] ofSnapshots = await SnapshotsOf(http, index, grains).ListOperationsAsync(cancellationToken);
        return ofSnapshots.Length == 0 && await grain.GetAsync(cancellationToken) is null
            ? throw new RequestException(Fault.IndexNotFound(index))
            : [.. (await grain.ListOperationsAsync(cancellationToken)).Concat(ofSnapshots)
                .OrderByDescending(one => one.State == IndexOperationState.Running).ThenByDescending(one => one.StartedAt)];
    }

    private static IIndexGrain IndexOf(HttpContext http, string index, IGrainFactory grains) => grains.GetGrain<IIndexGrain>(Tenant.IndexKey(http, index));

    private static ISnapshotGrain SnapshotsOf(HttpContext http, string index, IGrainFactory grains) => grains.GetGrain<ISnapshotGrain>(Tenant.IndexKey(http, index));
}
