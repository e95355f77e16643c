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

    /// <summary>Adds title and security, and the schemas of what has two forms in JSON.</summary>
    public static void Describe(OpenApiOptions options)
    {
        options.AddSchemaTransformer((schema, context, _) =>
        {
            (JsonSchemaType? item, string text) = context.JsonTypeInfo.Type switch
            {
                var type when type == typeof(EmbeddingInput) => (JsonSchemaType.String, "One text."),
                var type when type == typeof(DenseVector) => (JsonSchemaType.Number, "32-bit floats, little-endian, in base64."),
                var type when type == typeof(PackedNumbers) => (JsonSchemaType.Number, "float32, little-endian, in base64."),
                var type when type == typeof(PackedWholeNumbers) => (JsonSchemaType.Integer, "int32, little-endian, in base64."),
                _ => ((JsonSchemaType?)null, ""),
            };
            if (item is not null)
            {
                schema.OneOf =
                [
                    new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = item } },
                    new OpenApiSchema { Type = JsonSchemaType.String, Description = text },
                ];
            }

            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
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
}
