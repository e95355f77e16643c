using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;
using Platform.Gateway.Reading;
using Platform.Gateway.Security;

namespace Platform.Gateway.Endpoints;

/// <summary><c>GET /v1/indexes/{index}/documents</c>: all documents in the order of their ids, a page at a time.</summary>
internal static class ScrollEndpoint
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;
    private const int MaxPageBytes = 4 << 20;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/indexes/{index}/documents", ReadAsync)
            .WithName("listDocuments").WithTags("Documents")
            .WithSummary("Reads all documents by ascending id, a page at a time.")
            .WithDescription(
                "A document that is there from the first page to the last is read exactly once, whatever is written meanwhile. 'limit' is 1 to 1,000, by default 100; "
                + "a page has about 4 MB at most, so it may be shorter; the last page has no 'next'. With vectors=true documents carry their sparse vectors. A shard that does not answer is an error and no gap.")
            .Produces<DocumentPage>()
            .ProducesFaults(400, 404);

    private static async Task<IResult> ReadAsync(
        HttpContext http, string index, string? cursor, string? limit, string? vectors, IGrainFactory grains, CancellationToken cancellationToken)
    {
        string key = Tenant.IndexKey(http, index);
        ScrollCursor? begin = cursor is null ? null : ScrollCursor.Parse(cursor);
        var call = new ScrollCall
        {
            After = begin?.After,
            Generation = begin?.Generation,
            Limit = LimitOf(limit),
            WithVectors = IsSet("vectors", vectors),
            MaxBytes = MaxPageBytes,
        };
        ScrollPage page = await grains.GetGrain<IQueryGrain>(key).ScrollAsync(call, cancellationToken);
        string? last = page.Documents.Length > 0 ? page.Documents[^1].DocumentKey : call.After;
        var answer = new DocumentPage
        {
            Documents = [.. page.Documents.Select(Shape)],
            Next = page.More && last is not null ? new ScrollCursor(page.Generation, last).ToString() : null,
        };
        return TypedResults.Json(answer, GatewayJson.Answers.DocumentPage);
    }

    private static WholeDocument Shape(ScrolledDocument document)
    {
        StoredFields fields = StoredJson.Read(document.Stored);
        return new WholeDocument
        {
            Id = document.DocumentKey,
            Title = fields.Title,
            Text = fields.Text,
            Fields = fields.Fields,
            Sparse = document.Impacts.IsEmpty ? null : new SparseVector
            {
                Indices = [.. MemoryMarshal.Cast<byte, int>(document.TermIds.Span).ToArray().Select(term => (long)term)],
                Values = [.. document.Impacts.ToArray().Select(impact => impact * document.Scale)],
            },
        };
    }

    private static int LimitOf(string? text) =>
        text is null ? DefaultLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit is >= 1 and <= MaxLimit ? limit
        : throw new RequestException(Fault.Invalid($"Parameter 'limit' is '{Fault.Shorten(text)}'; it must be 1 to {MaxLimit}."));

    private static bool IsSet(string name, string? text) => text switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw new RequestException(Fault.Invalid($"Parameter '{name}' is '{Fault.Shorten(text)}'; it must be true or false.")),
    };
}
