using System.Net;
using System.Net.Http.Json;
using System.Text;
using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Tests.Fakes;

namespace Platform.Gateway.Tests.Http;

public sealed class SearchTests : IAsyncLifetime
{
    private GatewayHost? _host;

    private GatewayHost Host => _host ?? throw new InvalidOperationException("The server has not started.");

    public async Task InitializeAsync()
    {
        _host = await GatewayHost.StartAsync();
        await Host.Client.CreateIndexAsync("books");
        await Host.Client.BulkAsync(
            "books",
            """{"id":"a","title":"T","text":"whales 鯨","fields":{"year":1851,"author":"M","a.b":true}}""",
            """{"id":"b","sparse":{"indices":[7,3,9],"values":[1.5,2,0.25]}}""");
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();

    [Theory]
    [InlineData("null", "T whales 鯨 year,author,a.b")]
    [InlineData("[\"title\"]", "T  ")]
    [InlineData("[\"text\",\"fields\"]", " whales 鯨 year,author,a.b")]
    [InlineData("[\"fields.year\",\"fields.a.b\",\"fields.none\"]", "  year,a.b")]
    public async Task A_hit_carries_the_fields_that_were_asked_for(string fields, string expected)
    {
        SearchResponse answer = await SearchAsync($$"""{"text":"whales","fields":{{fields}}}""");
        StoredFields document = Assert.Single(answer.Hits).Document!;
        Assert.Equal(expected, $"{document.Title} {document.Text} {string.Join(',', document.Fields?.Keys.ToArray() ?? [])}");
    }

    [Fact]
    public async Task No_fields_means_no_document_and_no_stored_bytes_fetched()
    {
        SearchResponse answer = await SearchAsync("""{"text":"whales","fields":[]}""");
        Assert.Null(Assert.Single(answer.Hits).Document);
        Assert.False(Host.Grains.LastSearch!.WithStored);
    }

    [Fact]
    public async Task A_sparse_query_keeps_negative_weights_drops_zeros_and_explains_by_contribution()
    {
        SearchResponse answer = await SearchAsync("""{"sparse":{"indices":[9,7,8,3],"values":[-1,1,0,4]},"explain":true}""");
        Assert.Equal([3, 7, 9], Host.Grains.LastSearch!.Sparse!.UnpackTermIds());
        Assert.Equal([4f, 1f, -1f], Host.Grains.LastSearch.Sparse.UnpackWeights());
        SearchHit hit = Assert.Single(answer.Hits);
        Assert.Equal(
            [new TermContribution("3", 4, 2, 8), new TermContribution("7", 1, 1.5, 1.5), new TermContribution("9", -1, 0.25, -0.25)],
            hit.Explanation!);
        Assert.Equal(hit.Score, hit.Explanation!.Sum(t => t.Contribution));
    }

    [Fact]
    public async Task A_sparse_answer_says_how_it_was_found_and_an_explained_one_what_it_touched()
    {
        const string Sparse = """ "sparse":{"indices":[7],"values":[1]} """;

        SearchExecution exact = (await SearchAsync("{" + Sparse + "}")).Execution!;
        SearchExecution pruned = (await SearchAsync("{" + Sparse + ""","explain":true,"pruning":{"superblockFactor":0.7,"queryTermShare":0.9}}""")).Execution!;

        Assert.Equal((true, new PruningSpec(), null), (exact.Exact, exact.Pruning, exact.Work));
        Assert.Equal(["BlockMaxPruning"], exact.Algorithms);
        Assert.Equal(new PruningFactors(0.7, 1, 0.9), Host.Grains.LastSearch!.Pruning);
        Assert.Equal((false, new PruningSpec { SuperblockFactor = 0.7, QueryTermShare = 0.9 }), (pruned.Exact, pruned.Pruning));
        Assert.Equal(
            new SearchWork { Segments = 1, Superblocks = 2, Blocks = 3, Documents = 4, Postings = 5, AllPostings = 6 }, pruned.Work);
        Assert.Null((await SearchAsync("""{"text":"whales"}""")).Execution);
    }

    [Fact]
    public async Task A_partial_answer_is_200_and_names_the_missing_shards()
    {
        Host.Grains.Missing = [new MissingShard(1, "late")];
        SearchResponse answer = await SearchAsync("""{"text":"whales"}""");
        Assert.Equal((2, 1, false), (answer.Coverage.Asked, answer.Coverage.Answered, answer.Coverage.Complete));
        Assert.Equal([new ShardFailure(1, "late")], answer.Coverage.Failed);
    }

    [Fact]
    public async Task A_busy_cluster_answers_429_with_the_time_to_wait()
    {
        Host.Grains.BeforeCall = _ => throw new PlatformException(FaultKind.Busy, "the queue is full", TimeSpan.FromMilliseconds(2_500));
        HttpResponseMessage response = await Host.Client.SearchAsync("books", """{"text":"whales"}""");
        await response.ProblemAsync(HttpStatusCode.TooManyRequests, ErrorCodes.Busy);
        Assert.Equal(TimeSpan.FromSeconds(3), response.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task An_unforeseen_fault_is_logged_and_told_without_its_cause()
    {
        Host.Grains.BeforeCall = _ => throw new InvalidOperationException("secret");
        HttpResponseMessage response = await Host.Client.SearchAsync("books", """{"text":"whales"}""");
        Problem problem = await response.ProblemAsync(HttpStatusCode.InternalServerError, ErrorCodes.Internal);
        Assert.DoesNotContain("secret", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("secret", Assert.Throws<Xunit.Sdk.TrueException>(Host.Errors.AssertEmpty).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_whether_or_not_it_states_its_length()
    {
        string body = $$"""{"text":"{{new string('x', 1 << 20)}}"}""";
        await (await Host.Client.SearchAsync("books", body)).ProblemAsync(HttpStatusCode.RequestEntityTooLarge, ErrorCodes.TooLarge);

        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/v1/indexes/books/search")
        {
            Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(body))),
        };
        chunked.Content.Headers.ContentType = new("application/json");
        chunked.Headers.TransferEncodingChunked = true;
        await (await Host.Client.SendAsync(chunked)).ProblemAsync(HttpStatusCode.RequestEntityTooLarge, ErrorCodes.TooLarge);
    }

    private async Task<SearchResponse> SearchAsync(string body)
    {
        HttpResponseMessage response = await Host.Client.SearchAsync("books", body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync(PlatformJson.Default.SearchResponse))!;
    }
}
