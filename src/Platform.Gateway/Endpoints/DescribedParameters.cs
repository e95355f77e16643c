using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;
using Platform.Gateway.Endpoints.Bulk;

namespace Platform.Gateway.Endpoints;

/// <summary>States in the OpenAPI document the parameters that an endpoint reads from the raw request.</summary>
internal static class DescribedParameters
{
    /// <summary>The document's id, at the end of the path.</summary>
    public static RouteHandlerBuilder TakesDocumentId(this RouteHandlerBuilder endpoint) => endpoint.Takes(new OpenApiParameter
    {
        Name = "id",
        In = ParameterLocation.Path,
        Required = true,
        Description = "The document's id, percent-encoded, slashes as %2F.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    });

    /// <summary>The header that makes a write safe to repeat.</summary>
    public static RouteHandlerBuilder TakesIdempotencyKey(this RouteHandlerBuilder endpoint) => endpoint.Takes(new OpenApiParameter
    {
        Name = OperationIds.Header,
        In = ParameterLocation.Header,
        Description = "Any text of your choice, for example a UUID. The same request with the same key is applied once, however often it is sent.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = OperationIds.MaxKeyLength },
    });

    private static RouteHandlerBuilder Takes(this RouteHandlerBuilder endpoint, OpenApiParameter parameter) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(parameter);
            return Task.CompletedTask;
        });
}
