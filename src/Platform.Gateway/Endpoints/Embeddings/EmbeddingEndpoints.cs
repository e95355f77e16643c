using System.Text.Json;
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

namespace Platform.Gateway.Endpoints.Embeddings;

/// <summary><c>/v1/embeddings</c>, <c>/v1/sparse-embeddings</c> and <c>/v1/models/{model}</c>, in the form of the OpenAI API.</summary>
internal static class EmbeddingEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/embeddings", EmbedAsync)
            .WithName("createEmbeddings").WithTags("Models")
            .WithSummary("Turns texts into dense vectors.")
            .WithDescription("As the OpenAI API, with 'input_type' besides. All inputs are encoded or none. When the encoder's queue is full the answer is 429 with Retry-After.")
            .Accepts<EmbeddingRequest>("application/json")
            .Produces<EmbeddingResponse>()
            .ProducesFaults(400, 409, 413, 415);
        routes.MapPost("/v1/sparse-embeddings", EmbedSparseAsync)
            .WithName("createSparseEmbeddings").WithTags("Models")
            .WithSummary("Turns texts into weights of the vocabulary's terms.")
            .WithDescription("The request is that of /v1/embeddings; 'include_terms' adds the terms' texts.")
            .Accepts<EmbeddingRequest>("application/json")
            .Produces<SparseEmbeddingResponse>()
            .ProducesFaults(400, 409, 413, 415);
        routes.MapGet("/v1/models/{model}", DescribeAsync)
            .WithName("getModel").WithSummary("Describes a model of the cluster's store.").WithTags("Models")
            .Produces<ModelDescription>()
            .ProducesFaults(400, 409);
    }

    private static async Task<IResult> EmbedAsync(HttpContext http, IGrainFactory grains, IOptions<GatewayOptions> limits, CancellationToken cancellationToken)
    {
        EmbeddingRequest request = await ReadAsync(http, limits.Value, cancellationToken);
        EmbeddingAnswer answer = await grains.GetGrain<IEmbeddingGrain>(Tenant.Of(http))
            .EmbedAsync(EmbeddingCalls.Validate(request, sparse: false, limits.Value), cancellationToken);
        return TypedResults.Json(EmbeddingAnswers.Dense(request, answer), GatewayJson.Answers.EmbeddingResponse);
    }

    private static async Task<IResult> EmbedSparseAsync(HttpContext http, IGrainFactory grains, IOptions<GatewayOptions> limits, CancellationToken cancellationToken)
    {
        EmbeddingRequest request = await ReadAsync(http, limits.Value, cancellationToken);
        EmbeddingAnswer answer = await grains.GetGrain<IEmbeddingGrain>(Tenant.Of(http))
            .EmbedAsync(EmbeddingCalls.Validate(request, sparse: true, limits.Value), cancellationToken);
        return TypedResults.Json(EmbeddingAnswers.Sparse(request, answer), GatewayJson.Answers.SparseEmbeddingResponse);
    }

    private static async Task<IResult> DescribeAsync(HttpContext http, string model, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (EmbeddingCalls.FaultOfModel(model) is { } fault)
        {
            throw new RequestException(Fault.Invalid(fault));
        }

        EncoderIdentity found = await grains.GetGrain<IEmbeddingGrain>(Tenant.Of(http)).DescribeAsync(model, cancellationToken);
        var description = new ModelDescription
        {
            Id = found.Model,
            Head = found.IsSparse ? "sparse" : "dense",
            ModelHash = found.ModelHash,
            Contract = JsonElement.Parse(found.Contract),
        };
        return TypedResults.Json(description, GatewayJson.Answers.ModelDescription);
    }

    private static Task<EmbeddingRequest> ReadAsync(HttpContext http, GatewayOptions limits, CancellationToken cancellationToken) =>
        BodyReader.ReadAsync(http.Request, GatewayJson.Request<EmbeddingRequest>(), limits.MaxEmbeddingBodyBytes, cancellationToken);
}
