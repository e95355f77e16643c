using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Endpoints.Bulk;
using Platform.Gateway.Faults;
using Platform.Gateway.Reading;
using Platform.Gateway.Security;

namespace Platform.Gateway.Endpoints;

/// <summary><c>/v1/indexes/{index}/documents/{id}</c>: get and delete one document. An id stands percent-encoded, slashes too.</summary>
internal static class DocumentEndpoints
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        // A catch-all matches ids with slashes; the id itself is read from the path as it was sent.
        routes.MapGet("/v1/indexes/{index}/documents/{**id}", GetAsync)
            .WithName("getDocument").WithSummary("Returns one document as it was stored.").WithTags("Documents")
            .TakesDocumentId()
            .Produces<StoredDocument>()
            .ProducesFaults(400, 404);
        routes.MapDelete("/v1/indexes/{index}/documents/{**id}", DeleteAsync)
            .WithName("deleteDocument").WithSummary("Deletes one document.").WithTags("Documents")
            .TakesDocumentId().TakesIdempotencyKey()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesFaults(400, 404);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, string index, IGrainFactory grains, CancellationToken cancellationToken)
    {
        string key = Tenant.IndexKey(http, index);
        string id = DocumentId.FromPath(http);
        FoundDocument? found = await grains.GetGrain<IIndexGrain>(key).GetDocumentAsync(id, cancellationToken);
        if (found?.Stored is not { } stored)
        {
            throw new RequestException(Fault.DocumentNotFound(index, id));
        }

        StoredFields fields = StoredJson.Read(stored);
        var document = new StoredDocument { Id = id, Title = fields.Title, Text = fields.Text, Fields = fields.Fields };
        return TypedResults.Json(document, GatewayJson.Answers.StoredDocument);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, string index, IGrainFactory grains)
    {
        string key = Tenant.IndexKey(http, index);
        string id = DocumentId.FromPath(http);
        OperationIds operations = OperationIds.Of(http.Request);
        var item = new IngestItem { DocumentKey = id, OperationId = operations.For(id), Delete = true };

        // Not cancelled with the request: a delete that was sent is applied, as in a bulk request.
        IngestReply reply = await grains.GetGrain<IIngestGrain>(key).ApplyAsync(
            new IngestBatch { Items = [item] }, CancellationToken.None);
        ItemOutcome outcome = reply.Outcomes[0];
        return outcome.Status switch
        {
            ItemStatus.NotFound => throw new RequestException(Fault.DocumentNotFound(index, id)),
            ItemStatus.Refused or ItemStatus.Unknown or ItemStatus.NoRoom => throw new RequestException(Outcomes.FaultOf(outcome)),
            _ => TypedResults.NoContent(),
        };
    }
}
