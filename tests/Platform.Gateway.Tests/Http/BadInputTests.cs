using System.Net;
using System.Net.Http.Json;
using System.Text;
using Platform.Client.Contracts;
using Platform.Gateway.Tests.Fakes;

namespace Platform.Gateway.Tests.Http;

/// <summary>What users get wrong, against the whole platform: a clear error, nothing lost, the server alive.</summary>
public sealed class BadInputTests(ServerHost server) : IClassFixture<ServerHost>, IAsyncLifetime
{
    private readonly HttpClient _client = server.ClientFor(server.AcmeKey);
    private readonly string _index = $"i{Guid.NewGuid():N}";

    public Task InitializeAsync() => _client.CreateIndexAsync(_index, ""","shards":2""");

    public async Task DisposeAsync()
    {
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/health/ready")).StatusCode);
        await _client.BulkAsync(_index, """{"id":"last","text":"still alive"}""");
        Assert.Equal(["last"], await _client.SearchIdsAsync(_index, "alive"));
        server.Errors.AssertEmpty();
        _client.Dispose();
    }

    [Theory]
    [InlineData("{\"id\":\"b\",\"text\":", "Not valid JSON at line 1, byte ")]
    [InlineData("not json", "Not valid JSON at line 1, byte ")]
    [InlineData("{\"id\":\"b\"} {\"id\":\"c\"}", "invalid after a single JSON value")]
    [InlineData("[1,2]", "The text is not a JSON object")]
    [InlineData("{\"id\":\"b\",\"body\":\"x\"}", "Member 'body' is not known")]
    [InlineData("{\"_id\":\"b\"}", "use 'id'")]
    [InlineData("{\"id\":7}", "Member 'id' is not a string")]
    [InlineData("{\"id\":\"b\",\"text\":\"x\",\"text\":\"y\"}", "Member 'text' stands twice")]
    public async Task A_broken_line_fails_alone_with_its_number_and_the_place(string line, string detail)
    {
        BulkResult[] results = await BulkBetweenGoodLinesAsync(line);
        await AssertRefusedAsync(results, ErrorCodes.InvalidJson, detail);
    }

    [Theory]
    [InlineData("{\"text\":\"no id\"}")]
    [InlineData("{\"id\":\"\",\"text\":\"no id\"}")]
    [InlineData("{\"id\":null}")]
    public async Task A_missing_id_fails_alone(string line)
    {
        BulkResult[] results = await BulkBetweenGoodLinesAsync(line);
        await AssertRefusedAsync(results, ErrorCodes.MissingId, "Member 'id' is missing or empty");
    }

    [Fact]
    public async Task A_duplicate_id_fails_alone_and_names_the_first_line()
    {
        BulkResult[] results = await BulkBetweenGoodLinesAsync("""{"id":"good1","text":"never stored"}""");
        await AssertRefusedAsync(results, ErrorCodes.DuplicateId, "The id 'good1' stands in line 1 already");
        Assert.Empty(await _client.SearchIdsAsync(_index, "never"));
    }

    [Fact]
    public async Task A_document_of_10_MB_fails_alone_with_the_limit()
    {
        string text = string.Concat(Enumerable.Repeat("word ", 2 << 20));
        BulkResult[] results = await BulkBetweenGoodLinesAsync($$"""{"id":"big","text":"{{text}}"}""");
        await AssertRefusedAsync(results, ErrorCodes.TooLarge, "at most 1048576 are allowed");
    }

    [Theory]
    [InlineData("[1,2]", "[0.5,NaN]", ErrorCodes.InvalidJson, "JSON has no NaN or Infinity")]
    [InlineData("[1,2]", "[0.5,\"NaN\"]", ErrorCodes.InvalidJson, "Member 'sparse.values[1]' is not a number")]
    [InlineData("[1,2]", "[0.5,1e999]", ErrorCodes.InvalidRequest, "sparse.values[1] is Infinity")]
    [InlineData("[1,2]", "[0.5,0]", ErrorCodes.InvalidRequest, "sparse.values[1] is 0; a document's weights are above 0")]
    [InlineData("[1,2]", "[0.5,5.2]", ErrorCodes.InvalidRequest, "at most 5.1")]
    [InlineData("[1,-2]", "[0.5,1]", ErrorCodes.InvalidRequest, "sparse.indices[1] is -2; term ids are 0 to 2147483647")]
    [InlineData("[1,2147483648]", "[0.5,1]", ErrorCodes.InvalidRequest, "sparse.indices[1] is 2147483648; term ids are 0 to 2147483647")]
    [InlineData("[1,1]", "[0.5,1]", ErrorCodes.InvalidRequest, "sparse.indices[1] is 1 once more")]
    [InlineData("[1]", "[0.5,1]", ErrorCodes.InvalidRequest, "1 indices and 2 values")]
    public async Task A_bad_sparse_vector_fails_alone(string indices, string values, string code, string detail)
    {
        BulkResult[] results = await BulkBetweenGoodLinesAsync(
            $$$"""{"id":"bad","sparse":{"indices":{{{indices}}},"values":{{{values}}}}}""");
        await AssertRefusedAsync(results, code, detail);
    }

    [Fact]
    public async Task An_unknown_index_is_named_in_every_answer()
    {
        HttpResponseMessage[] answers =
        [
            await _client.GetAsync("/v1/indexes/nowhere"),
            await _client.DeleteAsync("/v1/indexes/nowhere"),
            await _client.GetAsync("/v1/indexes/nowhere/statistics"),
            await _client.GetAsync("/v1/indexes/nowhere/documents/a"),
            await _client.DeleteAsync("/v1/indexes/nowhere/documents/a"),
            await _client.SearchAsync("nowhere", """{"text":"x"}"""),
            await _client.PostAsync("/v1/indexes/nowhere/documents", ApiCalls.Ndjson("""{"id":"a"}""")),
        ];
        foreach (HttpResponseMessage answer in answers)
        {
            Problem problem = await answer.ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.IndexNotFound);
            Assert.Contains("'nowhere'", problem.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, "No API key was given")]
    [InlineData("pk_000000000000_wrong", "The API key is not known")]
    public async Task A_wrong_key_is_refused(string? key, string detail)
    {
        using HttpClient stranger = server.ClientFor(key);
        HttpResponseMessage response = await stranger.GetAsync($"/v1/indexes/{_index}");
        Problem problem = await response.ProblemAsync(HttpStatusCode.Unauthorized, ErrorCodes.Unauthorized);
        Assert.Contains(detail, problem.Detail, StringComparison.Ordinal);
        Assert.Contains("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"text\":\"\"}", ErrorCodes.InvalidRequest, "Member 'text' is empty or blank")]
    [InlineData("{\"text\":\" \\t\\n\"}", ErrorCodes.InvalidRequest, "Member 'text' is empty or blank")]
    [InlineData("{}", ErrorCodes.InvalidRequest, "The query is missing")]
    [InlineData("", ErrorCodes.InvalidJson, "The body is empty")]
    [InlineData("{\"text\":\"x\",\"sparse\":{\"indices\":[1],\"values\":[1]}}", ErrorCodes.InvalidRequest, "Both 'text' and 'sparse'")]
    [InlineData("{\"text\":\"x\",\"top\":0}", ErrorCodes.InvalidRequest, "Member 'top' is 0; it must be 1 to 10000")]
    [InlineData("{\"text\":\"x\",\"top\":1000000}", ErrorCodes.InvalidRequest, "Member 'top' is 1000000; it must be 1 to 10000")]
    [InlineData("{\"text\":\"x\",\"top\":10,\"offset\":9991}", ErrorCodes.InvalidRequest, "together they are at most 10000")]
    [InlineData("{\"text\":\"x\",\"offset\":-1}", ErrorCodes.InvalidRequest, "Member 'offset' is -1")]
    [InlineData("{\"text\":\"x\",\"deadlineMilliseconds\":0}", ErrorCodes.InvalidRequest, "it must be 1 to 60000")]
    [InlineData("{\"text\":\"x\",\"fields\":[\"body\"]}", ErrorCodes.InvalidRequest, "Member 'fields' names 'body'")]
    [InlineData("{\"sparse\":{\"indices\":[1],\"values\":[NaN]}}", ErrorCodes.InvalidJson, "JSON has no NaN or Infinity")]
    [InlineData("{\"sparse\":{\"indices\":[-1],\"values\":[1]}}", ErrorCodes.InvalidRequest, "sparse.indices[0] is -1")]
    [InlineData("{\"sparse\":{\"indices\":[1,1],\"values\":[1,2]}}", ErrorCodes.InvalidRequest, "once more")]
    [InlineData("{\"sparse\":{\"indices\":[1],\"values\":[0]}}", ErrorCodes.InvalidRequest, "no weight other than 0")]
    [InlineData("{\"text\":\"x\",\"pruning\":{\"blockFactor\":0}}", ErrorCodes.InvalidRequest, "Member 'pruning.blockFactor' is 0; it must be above 0 and at most 1")]
    [InlineData("{\"text\":\"x\",\"pruning\":{\"superblockFactor\":1.5,\"queryTermShare\":-1}}", ErrorCodes.InvalidRequest, "Member 'pruning.superblockFactor' is 1.5; it must be above 0 and at most 1. Use 1 to leave nothing out. Member 'pruning.queryTermShare' is -1")]
    [InlineData("{\"text\":\"x\",\"pruning\":{\"blockFactor\":1e-60}}", ErrorCodes.InvalidRequest, "Member 'pruning.blockFactor' is 1E-60")]
    [InlineData("{\"text\":\"x\",\"pruning\":{\"alpha\":1}}", ErrorCodes.InvalidJson, "Member 'alpha' is not known. Known members: superblockFactor, blockFactor, queryTermShare")]
    [InlineData("{\"text\":\"x\",\"pruning\":{}}", ErrorCodes.InvalidRequest, "whose encoder lexical scores by BM25")]
    public async Task A_bad_search_is_refused_with_member_value_and_limit(string body, string code, string detail)
    {
        HttpResponseMessage response = await _client.SearchAsync(_index, body);
        Problem problem = await response.ProblemAsync(HttpStatusCode.BadRequest, code);
        Assert.Contains(detail, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_half_closed_connection_loses_no_document_that_was_acknowledged()
    {
        using (var raw = new RawHttp(server.Address, server.AcmeKey))
        {
            await raw.BeginBulkAsync(_index, contentLength: 1_000_000);
            string lines = string.Concat(Enumerable.Range(0, 257).Select(i => $$"""{"id":"d{{i:000}}","text":"halved"}""" + "\n"));
            await raw.SendAsync(lines + """{"id":"cut","text":"halved""");
            await raw.ReadUntilAsync("\"d255\"");
            raw.ShutdownSending();
            await raw.ReadToEndAsync();
        }

        var search = """{"text":"halved","top":1000,"fields":[]}""";
        SearchResponse? answer = await (await _client.SearchAsync(_index, search)).Content.ReadFromJsonAsync(PlatformJson.Default.SearchResponse);
        string[] found = [.. answer!.Hits.Select(h => h.Id)];
        Assert.Subset(found.ToHashSet(), Enumerable.Range(0, 256).Select(i => $"d{i:000}").ToHashSet());
        Assert.DoesNotContain("cut", found);
    }

    [Fact]
    public async Task A_connection_that_is_reset_midway_leaves_the_server_alive()
    {
        var raw = new RawHttp(server.Address, server.AcmeKey);
        await raw.BeginBulkAsync(_index, contentLength: 1_000_000);
        await raw.SendAsync(new string('\n', 10_000) + """{"id":"cut""");
        raw.Reset();
    }

    [Fact]
    public async Task Two_tenants_do_not_see_each_others_indexes()
    {
        using HttpClient globex = server.ClientFor(server.GlobexKey);
        await _client.BulkAsync(_index, """{"id":"secret","text":"acme only"}""");

        await (await globex.GetAsync($"/v1/indexes/{_index}")).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.IndexNotFound);
        await (await globex.GetAsync($"/v1/indexes/{_index}/documents/secret")).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.IndexNotFound);
        await (await globex.SearchAsync(_index, """{"text":"acme"}""")).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.IndexNotFound);
        await (await globex.DeleteAsync($"/v1/indexes/{_index}")).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.IndexNotFound);
        Assert.DoesNotContain(_index, await globex.GetStringAsync("/v1/indexes"), StringComparison.Ordinal);

        await globex.CreateIndexAsync(_index);
        await globex.BulkAsync(_index, """{"id":"other","text":"acme too"}""");
        Assert.Equal(["other"], await globex.SearchIdsAsync(_index, "acme"));
        Assert.Equal(["secret"], await _client.SearchIdsAsync(_index, "acme"));
    }

    private Task<BulkResult[]> BulkBetweenGoodLinesAsync(string line) => _client.BulkAsync(
        _index,
        new StringContent(
            $$"""
            {"id":"good1","text":"surrounding"}
            {{line}}
            {"id":"good2","text":"surrounding"}
            """,
            Encoding.UTF8,
            "application/x-ndjson"));

    private async Task AssertRefusedAsync(BulkResult[] results, string code, string detail)
    {
        Assert.Equal(["1 created", "2 failed", "3 created", "0 summary"], results.Select(r => $"{r.Line} {r.Status}"));
        Assert.Equal(code, results[1].Error!.Code);
        Assert.Contains(detail, results[1].Error!.Detail, StringComparison.Ordinal);
        Assert.False(results[1].Error!.Retryable);
        Assert.Equal(new BulkSummary { Received = 3, Created = 2, Failed = 1 }, results[3].Summary);
        string[] found = await _client.SearchIdsAsync(_index, "surrounding");
        Assert.Equal(["good1", "good2"], found);
    }
}
