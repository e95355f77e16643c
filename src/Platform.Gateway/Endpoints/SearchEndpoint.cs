using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Endpoints.Fields;
using Platform.Gateway.Hosting;
using Platform.Gateway.Reading;
using Platform.Gateway.Security;

namespace Platform.Gateway.Endpoints;

/// <summary><c>POST /v1/indexes/{index}/search</c>.</summary>
internal static class SearchEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/indexes/{index}/search", SearchAsync)
            .WithName("search").WithTags("Search")
            .WithSummary("Finds the best documents for a text, a given sparse or dense vector, or both.")
            .WithDescription("A shard that fails or is late is left out; the status is still 200, and 'coverage' says which. With 'filter' only documents that match it are found, always as many as there are up to 'top', with the scores that they have without it. Sparse queries are answered exactly unless 'pruning' allows to leave something out; 'execution' says how a query was answered.")
            .Accepts<SearchRequest>("application/json")
            .Produces<SearchResponse>()
            .ProducesFaults(400, 404, 409, 413, 415, 504);

    private static async Task<IResult> SearchAsync(
        HttpContext http, string index, IGrainFactory grains, IOptions<GatewayOptions> limits, TimeProvider time, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        string key = Tenant.IndexKey(http, index);
        SearchRequest request = await BodyReader.ReadAsync(
            http.Request, GatewayJson.Request<SearchRequest>(), limits.Value.MaxBodyBytes, cancellationToken);
        FieldSelection fields = FieldSelection.Of(request.Fields);
        SearchCall call = SearchCalls.Validate(request, fields, limits.Value);
        IndexDefinition? definition = request is { Filter: null, Facets: null, Sort: null, Group: null } ? null : await MatchingEndpoints.DefinitionAsync(grains, key, index, cancellationToken);
        if (definition is not null)
        {
            call = call with
            {
                Filter = FilterReader.Read(request.Filter, definition),
                Facets = Facets.Validate(request.Facets, definition),
                Order = Sorting.Validate(request.Sort, definition),
                Grouping = Sorting.Validate(request.Group, request, definition),
            };
        }

        SearchAnswer answer = await grains.GetGrain<IQueryGrain>(key).SearchAsync(call, cancellationToken);
        var response = new SearchResponse
        {
            Hits = [.. answer.Hits.Select(hit => Shape(hit, fields) with
            {
                SortValue = Sorting.ValueOf(hit.Value, call.Order?.Field, definition),
                Group = Sorting.ValueOf(hit.Value, call.Grouping?.Field, definition),
            })],
            Execution = SearchPruning.Describe(call, answer.Work),
            Coverage = Statistics.CoverageOf(answer.Coverage),
            Facets = Facets.Describe(answer.Facets, definition),
            TookMilliseconds = Math.Round(time.GetElapsedTime(start).TotalMilliseconds, 3),
        };
        return TypedResults.Json(response, GatewayJson.Answers.SearchResponse);
    }

    private static SearchHit Shape(FoundDocument hit, FieldSelection fields) => new()
    {
        Id = hit.DocumentKey,
        Score = hit.Score,
        Document = fields.IsEmpty || hit.Stored is not { } stored ? null : fields.Apply(StoredJson.Read(stored)),
        Explanation = hit.Matches is { } matches ? Explain(matches) : null,
        Legs = SearchModes.Describe(hit.Legs),
        Highlights = Highlights.Describe(hit.Highlights),
    };

    private static TermContribution[] Explain(TermMatch[] matches) =>
    [
        .. matches
            .Select(m => new TermContribution(m.Term, m.QueryWeight, m.DocumentWeight, m.QueryWeight * m.DocumentWeight))
            .OrderByDescending(t => t.Contribution)
            .ThenBy(t => t.Term, StringComparer.Ordinal),
    ];
}
