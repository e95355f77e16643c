using System.Net;
using System.Net.Http.Json;
using Platform.Client.Contracts;
using Platform.Gateway.Tests.Fakes;

namespace Platform.Gateway.Tests.Http;

public sealed class SparseStatisticsTests : IAsyncLifetime
{
    private GatewayHost? _host;

    private HttpClient Client => (_host ?? throw new InvalidOperationException("The server has not started.")).Client;

    public async Task InitializeAsync()
    {
        _host = await GatewayHost.StartAsync();
        await Client.CreateIndexAsync("books", ""","sparse":{"maxWeight":4,"topTermsPerDocument":400,"minWeight":0.5,"topTermsPerQuery":40}""");
        await Client.BulkAsync("books", """{"id":"a","sparse":{"indices":[7,3],"values":[1.5,2]}}""", """{"id":"b","sparse":{"indices":[7],"values":[1.5]}}""");
    }

    public async Task DisposeAsync() => await _host!.DisposeAsync();

    [Fact]
    public async Task The_sparse_part_is_measured_only_on_request()
    {
        Assert.Null((await Client.GetFromJsonAsync("/v1/indexes/books/statistics", PlatformJson.Default.IndexStatistics))!.Sparse);

        SparseIndexStatistics sparse = (await Client.GetFromJsonAsync("/v1/indexes/books/statistics?sparse=true", PlatformJson.Default.IndexStatistics))!.Sparse!;

        Assert.Equal((2, 3, 3, 1.5, 0.75), (sparse.Documents, sparse.Postings, sparse.Terms, sparse.TermsPerDocument, sparse.ExpectedDocumentFlops));
        Assert.Equal((3, 3.0), (sparse.SealedPostings, sparse.BytesPerPosting));
        Assert.Equal(6, sparse.BytesByPart["terms"]);
        Assert.Equal(
            new ReorderingGain { Bytes = 30, RandomBytes = 40, Steps = 2, RandomSteps = 3, DenseShare = 1 / 3.0, RandomDenseShare = 0.5 / 3 }, sparse.Reordering);
        Assert.True(sparse.Coverage.Complete);
    }

    [Fact]
    public async Task Given_terms_are_counted_in_the_order_asked()
    {
        HttpResponseMessage response = await Client.PostAsync("/v1/indexes/books/statistics/terms", ApiCalls.Json("""{"terms":[3,9,7]}"""));
        TermCountResponse counted = (await response.Content.ReadFromJsonAsync(PlatformJson.Default.TermCountResponse))!;
        Assert.Equal(2, counted.Documents);
        Assert.Equal([1, 0, 2], counted.Counts);
    }

    [Theory]
    [InlineData("{\"terms\":[]}", "Member 'terms' has 0 term ids; it needs 1 to 4096")]
    [InlineData("{}", "Member 'terms' has 0 term ids")]
    [InlineData("{\"terms\":[1,-1]}", "Member 'terms[1]' is -1; term ids are 0 to 2147483647")]
    public async Task A_bad_count_is_refused_with_place_and_limit(string body, string detail)
    {
        HttpResponseMessage response = await Client.PostAsync("/v1/indexes/books/statistics/terms", ApiCalls.Json(body));
        Problem problem = await response.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        Assert.Contains(detail, problem.Detail, StringComparison.Ordinal);
        await (await Client.GetAsync("/v1/indexes/books/statistics?sparse=1")).ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
    }

    [Fact]
    public async Task An_index_shows_the_pruning_it_was_made_with()
    {
        IndexDescription index = (await Client.GetFromJsonAsync("/v1/indexes/books", PlatformJson.Default.IndexDescription))!;
        Assert.Equal(new SparseSpec { MaxWeight = 4, TopTermsPerDocument = 400, MinWeight = 0.5, TopTermsPerQuery = 40 }, index.Sparse);
    }

    [Fact]
    public async Task Pruning_out_of_range_is_refused_with_every_fault()
    {
        HttpResponseMessage response = await Client.PostAsync(
            "/v1/indexes", ApiCalls.Json("""{"name":"x","sparse":{"maxWeight":4,"topTermsPerDocument":-1,"minWeight":5,"topTermsPerQuery":70000}}"""));
        Problem problem = await response.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        Assert.All(
            (string[])["'sparse.topTermsPerDocument' is -1; it must be 0, for all, to 65,536", "'sparse.minWeight' is 5", "'sparse.topTermsPerQuery' is 70000"],
            part => Assert.Contains(part, problem.Detail, StringComparison.Ordinal));
    }
}
