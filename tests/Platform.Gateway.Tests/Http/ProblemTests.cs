using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Platform.Client.Contracts;
using Platform.Gateway.Tests.Fakes;

namespace Platform.Gateway.Tests.Http;

public sealed class ProblemTests : IAsyncLifetime
{
    private GatewayHost? _host;

    private GatewayHost Host => _host ?? throw new InvalidOperationException("The server has not started.");

    public async Task InitializeAsync() => _host = await GatewayHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();

    [Fact]
    public async Task A_path_that_is_not_there_is_a_problem()
    {
        Problem problem = await (await Host.Client.GetAsync("/v2/indexes")).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.InvalidRequest);
        Assert.Contains("/openapi/v1.json", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_is_not_there_is_a_problem_that_names_the_others()
    {
        Problem problem = await (await Host.Client.PutAsync("/v1/indexes", null)).ProblemAsync(HttpStatusCode.MethodNotAllowed, ErrorCodes.InvalidRequest);
        Assert.Contains("GET, POST", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_content_type_is_a_problem_that_names_the_right_one()
    {
        var form = new StringContent("{}", Encoding.UTF8, "application/x-www-form-urlencoded");
        Problem problem = await (await Host.Client.PostAsync("/v1/indexes", form)).ProblemAsync(HttpStatusCode.UnsupportedMediaType, ErrorCodes.InvalidRequest);
        Assert.Contains("Send application/json", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("application/jsonl")]
    [InlineData("application/json")]
    public async Task Bulk_takes_each_name_of_its_content_type(string mediaType)
    {
        await Host.Client.CreateIndexAsync("books");
        BulkResult[] results = await Host.Client.BulkAsync("books", new StringContent("""{"id":"a"}""", Encoding.UTF8, mediaType));
        Assert.Equal(["created", "summary"], results.Select(r => r.Status));
    }

    [Fact]
    public async Task A_compressed_bulk_body_is_refused()
    {
        await Host.Client.CreateIndexAsync("books");
        StringContent body = ApiCalls.Ndjson("""{"id":"a"}""");
        body.Headers.ContentEncoding.Add("gzip");
        await (await Host.Client.PostAsync("/v1/indexes/books/documents", body)).ProblemAsync(HttpStatusCode.UnsupportedMediaType, ErrorCodes.InvalidRequest);
    }

    [Fact]
    public async Task A_bad_index_definition_names_all_its_faults_at_once()
    {
        HttpResponseMessage response = await Host.Client.PostAsync(
            "/v1/indexes", ApiCalls.Json("""{"name":"../x","shards":3,"bm25":{"k1":-1,"b":2},"sparse":{"maxWeight":0}}"""));
        Problem problem = await response.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        Assert.All(
            ["'name' is '../x'", "'shards' is 3", "'bm25.k1' is -1", "'bm25.b' is 2", "'sparse.maxWeight' is 0"],
            part => Assert.Contains(part, problem.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_index_is_created_once_listed_described_and_deleted_once()
    {
        HttpResponseMessage created = await Host.Client.PostAsync("/v1/indexes", ApiCalls.Json("""{"name":"books","shards":4}"""));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/v1/indexes/books", created.Headers.Location!.ToString());
        await (await Host.Client.PostAsync("/v1/indexes", ApiCalls.Json("""{"name":"books"}"""))).ProblemAsync(HttpStatusCode.Conflict, ErrorCodes.IndexExists);

        string described = await Host.Client.GetStringAsync("/v1/indexes/books");
        Assert.Equal(
            """{"name":"books","shards":4,"encoder":"lexical","bm25":{"k1":0.9,"b":0.4},"sparse":{"maxWeight":5.1,"topTermsPerDocument":0,"minWeight":0,"topTermsPerQuery":0},"generation":1,"createdAt":"2026-01-02T03:04:05+00:00"}""",
            described);
        Assert.Equal($$"""{"indexes":[{{described}}]}""", await Host.Client.GetStringAsync("/v1/indexes"));
        Assert.Contains("\"averageLength\":2.5,\"storedBytes\":120", await Host.Client.GetStringAsync("/v1/indexes/books/statistics"), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NoContent, (await Host.Client.DeleteAsync("/v1/indexes/books")).StatusCode);
        await (await Host.Client.DeleteAsync("/v1/indexes/books")).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.IndexNotFound);
    }

    [Fact]
    public async Task Health_and_the_openapi_document_need_no_key()
    {
        using HttpClient stranger = Host.ClientFor(null);
        Assert.Equal("Healthy", await stranger.GetStringAsync("/health/live"));
        Assert.Equal("""{"status":"Healthy","checks":{"keys":"Healthy"}}""", await stranger.GetStringAsync("/health/ready"));
        Host.Grains.BeforeCall = _ => throw new TimeoutException();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await stranger.GetAsync("/health/ready")).StatusCode);

        JsonNode document = JsonNode.Parse(await stranger.GetStringAsync("/openapi/v1.json"))!;
        JsonObject paths = document["paths"]!.AsObject();
        Assert.Equal(
            [
                "/v1/embeddings", "/v1/indexes", "/v1/indexes/{index}", "/v1/indexes/{index}/documents",
                "/v1/indexes/{index}/documents/count", "/v1/indexes/{index}/documents/delete", "/v1/indexes/{index}/documents/{id}",
                "/v1/indexes/{index}/operations", "/v1/indexes/{index}/operations/{operation}", "/v1/indexes/{index}/search", "/v1/indexes/{index}/shards",
                "/v1/indexes/{index}/snapshots", "/v1/indexes/{index}/snapshots/{snapshot}", "/v1/indexes/{index}/snapshots/{snapshot}/restore",
                "/v1/indexes/{index}/statistics", "/v1/indexes/{index}/statistics/terms", "/v1/models/{model}", "/v1/sparse-embeddings",
                "/v1/training-jobs", "/v1/training-jobs/{job}", "/v1/training-jobs/{job}/cancel", "/v1/training-jobs/{job}/resume",
            ],
            paths.Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.All(paths.SelectMany(p => p.Value!.AsObject()), operation => Assert.NotNull(operation.Value!["summary"]));
        Assert.Equal(["index", "id"], paths["/v1/indexes/{index}/documents/{id}"]!["get"]!["parameters"]!.AsArray().Select(p => (string)p!["name"]!));
        Assert.Equal("integer", (string)document["components"]!["schemas"]!["SearchRequest"]!["properties"]!["top"]!["type"]!);
        Assert.Equal("#/components/schemas/Filter", (string)document["components"]!["schemas"]!["Filter"]!["properties"]!["and"]!["items"]!["$ref"]!);
        Assert.Equal(["array", "string"], document["components"]!["schemas"]!["EmbeddingInput"]!["oneOf"]!.AsArray().Select(form => (string)form!["type"]!));
        Assert.NotNull(document["components"]!["securitySchemes"]!["bearer"]);
        Assert.NotNull(paths["/v1/indexes/{index}/search"]!["post"]!["responses"]!["404"]!["content"]!["application/problem+json"]);
    }

    [Fact]
    public async Task The_key_may_stand_in_either_header()
    {
        using HttpClient client = Host.ClientFor(null);
        client.DefaultRequestHeaders.Add("X-Api-Key", InMemoryGrains.AcmeKey);
        Assert.Equal("""{"indexes":[]}""", await client.GetStringAsync("/v1/indexes"));
    }
}
