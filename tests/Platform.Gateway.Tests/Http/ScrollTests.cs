using System.Net;
using System.Net.Http.Json;
using Platform.Client.Contracts;
using Platform.Gateway.Endpoints;
using Platform.Gateway.Tests.Fakes;

namespace Platform.Gateway.Tests.Http;

public sealed class ScrollTests : IAsyncLifetime
{
    private GatewayHost? _host;

    private HttpClient Client => (_host ?? throw new InvalidOperationException("The server has not started.")).Client;

    public async Task InitializeAsync()
    {
        _host = await GatewayHost.StartAsync();
        await Client.CreateIndexAsync("books");
        await Client.BulkAsync(
            "books",
            """{"id":"c/1","title":"T","text":"whales","fields":{"year":1851}}""",
            """{"id":"a","sparse":{"indices":[7,3],"values":[1.5,2]}}""",
            """{"id":"b","text":"b"}""");
    }

    public async Task DisposeAsync() => await _host!.DisposeAsync();

    [Fact]
    public async Task Pages_follow_one_another_by_their_cursors_to_the_last()
    {
        DocumentPage first = await PageAsync("?limit=2");
        DocumentPage second = await PageAsync($"?limit=2&cursor={first.Next}");

        Assert.Equal(["a", "b"], first.Documents.Select(document => document.Id));
        WholeDocument last = Assert.Single(second.Documents);
        Assert.Equal(("c/1", "T", "whales", 1851), (last.Id, last.Title, last.Text, last.Fields!["year"].GetInt32()));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task Vectors_come_only_on_request()
    {
        Assert.All((await PageAsync("")).Documents, document => Assert.Null(document.Sparse));
        DocumentPage page = await PageAsync("?vectors=true");
        Assert.Equal([3, 7], page.Documents[0].Sparse!.Indices);
        Assert.Equal([2, 1.5], page.Documents[0].Sparse!.Values);
        Assert.Null(page.Documents[1].Sparse);
    }

    [Theory]
    [InlineData("?limit=0", "Parameter 'limit' is '0'; it must be 1 to 1000")]
    [InlineData("?limit=1001", "Parameter 'limit' is '1001'")]
    [InlineData("?limit=ten", "Parameter 'limit' is 'ten'")]
    [InlineData("?vectors=yes", "Parameter 'vectors' is 'yes'; it must be true or false")]
    [InlineData("?cursor=b", "Parameter 'cursor' is 'b'; it must be the 'next' of a page before")]
    [InlineData("?cursor=AQAAAAA", "Parameter 'cursor' is 'AQAAAAA'")]
    [InlineData("?cursor=%00", "Parameter 'cursor' is")]
    public async Task A_bad_parameter_is_refused_with_value_and_limit(string parameters, string detail)
    {
        HttpResponseMessage response = await Client.GetAsync("/v1/indexes/books/documents" + parameters);
        Problem problem = await response.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        Assert.Contains(detail, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_index_is_named()
    {
        Problem problem = await (await Client.GetAsync("/v1/indexes/nowhere/documents")).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.IndexNotFound);
        Assert.Contains("'nowhere'", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cursor_reads_back_as_it_was()
    {
        var cursor = new ScrollCursor(7, "Größe / 鯨");
        Assert.Equal(cursor, ScrollCursor.Parse(cursor.ToString()));
    }

    private async Task<DocumentPage> PageAsync(string parameters) =>
        (await Client.GetFromJsonAsync("/v1/indexes/books/documents" + parameters, PlatformJson.Default.DocumentPage))!;
}
