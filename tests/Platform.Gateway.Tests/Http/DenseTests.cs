using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Tests.Fakes;

namespace Platform.Gateway.Tests.Http;

/// <summary>Dense vectors and hybrid searches over HTTP.</summary>
public sealed class DenseTests : IAsyncLifetime
{
    private GatewayHost? _host;

    private GatewayHost Host => _host ?? throw new InvalidOperationException("The server has not started.");

    public async Task InitializeAsync()
    {
        _host = await GatewayHost.StartAsync();
        await Host.Client.CreateIndexAsync("books", ""","dense":{"dimensions":3,"precision":"int8"}""");
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();

    [Fact]
    public async Task A_vector_is_an_array_of_numbers_or_base64_of_little_endian_floats()
    {
        string base64 = Convert.ToBase64String([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0, 0x3F]);
        await Host.Client.BulkAsync("books", """{"id":"a","dense":[1,-2,0.5]}""", $$"""{"id":"b","dense":"{{base64}}"}""");
        foreach (string id in (string[])["a", "b"])
        {
            Assert.Equal([1f, -2f, 0.5f], Host.Grains.Indexes["acme/books"].Documents[id].Dense!.Values.ToArray());
        }

        SearchResponse answer = await SearchAsync($$"""{"dense":"{{base64}}"}""");
        Assert.Equal([("a", 5.25), ("b", 5.25)], answer.Hits.Select(hit => (hit.Id, hit.Score)));
        Assert.Equal((SearchMode.Inferred, null), (Host.Grains.LastSearch!.Mode, Host.Grains.LastSearch.Fusion));
    }

    [Fact]
    public void A_vector_is_written_as_base64_and_read_back()
    {
        var item = new BulkItem { Id = "a", Dense = new DenseVector([1, -2, 0.5f, float.Epsilon]) };
        string json = JsonSerializer.Serialize(item, PlatformJson.Default.BulkItem);
        Assert.Equal("""{"id":"a","dense":"AACAPwAAAMAAAAA/AQAAAA=="}""", json.Replace("\\u002B", "+", StringComparison.Ordinal));
        Assert.Equal(item.Dense.Values, JsonSerializer.Deserialize(json, PlatformJson.Default.BulkItem)!.Dense!.Values);
    }

    [Theory]
    [InlineData("[1,2,", ErrorCodes.InvalidJson, "Not valid JSON")]
    [InlineData("[1,\"2\",3]", ErrorCodes.InvalidJson, "Member 'dense' is not an array of numbers, or base64")]
    [InlineData("[1,NaN,3]", ErrorCodes.InvalidJson, "JSON has no NaN or Infinity")]
    [InlineData("[1,1e39,3]", ErrorCodes.InvalidRequest, "Member dense[1] is Infinity; components are finite 32-bit floats")]
    [InlineData("\"AADAfw==\"", ErrorCodes.InvalidRequest, "Member dense[0] is NaN")]
    [InlineData("\"AAA=\"", ErrorCodes.InvalidJson, "Member 'dense' is not an array of numbers, or base64")]
    [InlineData("\"no base64\"", ErrorCodes.InvalidJson, "Member 'dense' is not an array of numbers, or base64")]
    [InlineData("[]", ErrorCodes.InvalidRequest, "Member dense has no components")]
    [InlineData("7", ErrorCodes.InvalidJson, "Member 'dense' is not an array of numbers, or base64")]
    public async Task A_bad_vector_fails_its_line_and_its_search(string vector, string code, string detail)
    {
        BulkResult[] results = await Host.Client.BulkAsync("books", """{"id":"first"}""", $$"""{"id":"bad","dense":{{vector}}}""", """{"id":"last"}""");
        Assert.Equal(["created", "failed", "created"], results[..3].Select(result => result.Status));
        Assert.Equal(code, results[1].Error!.Code);
        Assert.Contains(detail, results[1].Error!.Detail, StringComparison.Ordinal);

        HttpResponseMessage response = await Host.Client.SearchAsync("books", $$"""{"dense":{{vector}}}""");
        Problem problem = await response.ProblemAsync(HttpStatusCode.BadRequest, code);
        Assert.Contains(detail, problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"text\":\"x\",\"dense\":[1,2,3],\"sparse\":{\"indices\":[1],\"values\":[1]}", "a hybrid search takes two of them")]
    [InlineData("\"text\":\"x\",\"mode\":\"fuzzy\"", "Member 'mode' is 'fuzzy'; it must be lexical, sparse, dense or hybrid")]
    [InlineData("\"dense\":[1,2,3],\"mode\":\"lexical\"", "Mode 'lexical' needs 'text'")]
    [InlineData("\"dense\":[1,2,3],\"mode\":\"hybrid\"", "Mode 'hybrid' needs 'text' or 'sparse' beside 'dense'")]
    [InlineData("\"text\":\"x\",\"dense\":[1,2,3],\"mode\":\"dense\"", "mode 'dense' takes one of them")]
    [InlineData("\"text\":\"x\",\"fusion\":{}", "Member 'fusion' is given with a search of one leg")]
    [InlineData("\"text\":\"x\",\"mode\":\"hybrid\",\"fusion\":{\"k\":0}", "Member 'fusion.k' is 0; it must be 1 to 100000")]
    [InlineData("\"text\":\"x\",\"mode\":\"hybrid\",\"fusion\":{\"denseWeight\":1.5}", "Member 'fusion.denseWeight' is 1.5; it must be 0 to 1")]
    [InlineData("\"text\":\"x\",\"mode\":\"hybrid\",\"fusion\":{\"method\":\"borda\"}", "Member 'fusion.method' is 'borda'; it must be rrf, min_max or z_score")]
    [InlineData("\"text\":\"x\",\"mode\":\"hybrid\",\"top\":80,\"offset\":30", "'fusion.depth' is 100")]
    public async Task A_search_whose_members_do_not_go_together_is_refused(string members, string detail)
    {
        HttpResponseMessage response = await Host.Client.SearchAsync("books", $"{{{members}}}");
        Problem problem = await response.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        Assert.Contains(detail, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hybrid_search_carries_its_fusion_and_explains_both_legs()
    {
        await Host.Client.BulkAsync("books", """{"id":"a","text":"whales","dense":[1,0,0]}""");
        SearchResponse answer = await SearchAsync(
            """{"text":"sharks","dense":[2,0,0],"explain":true,"fusion":{"method":"z_score","denseWeight":0.25,"depth":500}}""");
        Assert.Equal(new Fusion { Method = FusionMethod.ZScore, K = 60, DenseWeight = 0.25, Depth = 500 }, Host.Grains.LastSearch!.Fusion);
        Assert.Equal([new LegHit("lexical", null, null), new LegHit("dense", 1, 2)], Assert.Single(answer.Hits).Legs!);
    }

    [Theory]
    [InlineData("{}", "Member 'dense.dimensions' is missing")]
    [InlineData("{\"dimensions\":0}", "Member 'dense.dimensions' is 0; it must be 1 to 4096")]
    [InlineData("{\"dimensions\":4097,\"precision\":\"int4\",\"similarity\":\"euclid\"}", "'dense.similarity' is 'euclid'; it must be inner_product or cosine")]
    public async Task An_index_whose_vectors_no_index_can_have_is_refused(string dense, string detail)
    {
        HttpResponseMessage response = await Host.Client.PostAsync("/v1/indexes", JsonContent.Create(JsonDocument.Parse($$"""{"name":"other","dense":{{dense}}}""").RootElement));
        Problem problem = await response.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        Assert.Contains(detail, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_says_what_vectors_it_keeps()
    {
        IndexDescription index = (await Host.Client.GetFromJsonAsync("/v1/indexes/books", PlatformJson.Default.IndexDescription))!;
        Assert.Equal(new DenseSpec { Dimensions = 3, Precision = "int8", Similarity = "inner_product" }, index.Dense);
    }

    private async Task<SearchResponse> SearchAsync(string body)
    {
        HttpResponseMessage response = await Host.Client.SearchAsync("books", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(PlatformJson.Default.SearchResponse))!;
    }
}
