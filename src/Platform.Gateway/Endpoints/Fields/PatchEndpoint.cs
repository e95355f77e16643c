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

namespace Platform.Gateway.Endpoints.Fields;

/// <summary><c>PATCH /v1/indexes/{index}/documents/{id}</c>: other fields for a document whose text and vectors stay as they are.</summary>
internal static class PatchEndpoint
{
    // Each attempt but the last found that somebody else had changed the document since it was read.
    private const int MostAttempts = 8;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPatch("/v1/indexes/{index}/documents/{**id}", PatchAsync)
            .WithName("patchDocument").WithSummary("Sets or takes away fields of one document; it is not encoded again.").WithTags("Documents")
            .WithDescription("Fields that are null are taken away, and those that are not named stay. Two patches at once both count, each for the fields that it names. A patch reads the postings of a segment, so that many of them cost more than to write the documents anew.")
            .TakesDocumentId()
            .Accepts<DocumentPatch>("application/json")
            .Produces<StoredDocument>()
            .ProducesFaults(400, 404, 409, 413, 415, 507);

    private static async Task<IResult> PatchAsync(
        HttpContext http, string index, IGrainFactory grains, IOptions<GatewayOptions> limits, CancellationToken cancellationToken)
    {
        string key = Tenant.IndexKey(http, index);
        string id = DocumentId.FromPath(http);
        DocumentPatch patch = await BodyReader.ReadAsync(http.Request, GatewayJson.Request<DocumentPatch>(), limits.Value.MaxBodyBytes, cancellationToken);
        if (patch.Fields is null)
        {
            throw new RequestException(Fault.Invalid("Member 'fields' is missing; name the fields to set, with null for those to take away."));
        }

        IndexDefinition definition = await MatchingEndpoints.DefinitionAsync(grains, key, index, cancellationToken);
        var declared = new DeclaredFields(definition);
        _ = declared.Read(patch.Fields);                     // its own faults first, named as it was sent
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            FoundDocument? found = await grains.GetGrain<IIndexGrain>(key).GetDocumentAsync(id, cancellationToken);
            if (found?.Stored is not { } stored)
            {
                throw new RequestException(Fault.DocumentNotFound(index, id));
            }

            StoredFields before = StoredJson.Read(stored);
            Dictionary<string, JsonElement>? fields = Merge(before.Fields, patch.Fields);
            byte[] after = StoredJson.Write(new BulkItem { Id = id, Title = before.Title, Text = before.Text, Fields = fields });
            if (after.Length > limits.Value.MaxLineBytes)
            {
                throw new RequestException(Fault.TooLarge($"The document would be {after.Length} bytes; at most {limits.Value.MaxLineBytes} are allowed. Set fewer or shorter fields."));
            }

            var call = new PatchCall { DocumentKey = id, OperationId = Guid.NewGuid(), Expected = stored, Stored = after, Fields = declared.Read(fields) };

            // Not cancelled with the request: a patch that was sent is applied, as in a bulk request.
            switch (await grains.GetGrain<IIngestGrain>(key).PatchAsync(call, CancellationToken.None))
            {
                case PatchStatus.Updated:
                    return TypedResults.Json(
                        new StoredDocument { Id = id, Title = before.Title, Text = before.Text, Fields = fields }, GatewayJson.Answers.StoredDocument);
                case PatchStatus.NotFound:
                    throw new RequestException(Fault.DocumentNotFound(index, id));
            }
        }

        throw new RequestException(new Fault(
            StatusCodes.Status409Conflict, ErrorCodes.Conflict, $"Document '{Fault.Shorten(id)}' was changed by others {MostAttempts} times while it was patched. Send the request again."));
    }

    private static Dictionary<string, JsonElement>? Merge(Dictionary<string, JsonElement>? before, Dictionary<string, JsonElement> patch)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);          // none is ever removed, so they keep their order
        foreach ((string name, JsonElement value) in (before ?? []).Where(field => !patch.ContainsKey(field.Key)).Concat(patch))
        {
            if (value.ValueKind != JsonValueKind.Null)
            {
                fields.Add(name, value);
            }
        }

        return fields.Count == 0 ? null : fields;
    }
}
