using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.Client.Contracts;
using Platform.Gateway.Security;

namespace Platform.Gateway.Hosting;

/// <summary>What the OpenAPI document says beyond its endpoints.</summary>
internal static class OpenApiDescription
{
    /// <summary>The document's name, and so its path: <c>/openapi/v1.json</c>.</summary>
    public const string DocumentName = "v1";

    /// <summary>Adds title, security, and the schema of a dense vector, which has two forms.</summary>
    public static void Describe(OpenApiOptions options) =>
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(DenseVector))
            {
                schema.OneOf =
                [
                    new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Number } },
                    new OpenApiSchema { Type = JsonSchemaType.String, Description = "32-bit floats, little-endian, in base64." },
                ];
            }

            return Task.CompletedTask;
        }).AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Platform",
                Version = DocumentName,
                Description = "Learned sparse and dense retrieval: create an index, send documents as NDJSON, search. Every error is application/problem+json with a stable code.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key of the tenant." },
                ["apiKey"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ApiKeyAuthentication.KeyHeader },
            };

            // Two requirements are alternatives.
            document.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("apiKey", document)] = [] },
            ];
            return Task.CompletedTask;
        });
}
