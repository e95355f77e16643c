using System.Text;
using Platform.Client.Contracts;
using Platform.Gateway.Tests.Fakes;

namespace Platform.Gateway.Tests.Http;

public sealed class BulkTests
{
    [Fact]
    public async Task Each_line_has_its_fate_in_order_and_the_last_line_sums_up()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.Client.CreateIndexAsync("books");
        await host.Client.BulkAsync("books", """{"id":"old","text":"first"}""", """{"id":"gone","text":"first"}""");

        BulkResult[] results = await host.Client.BulkAsync(
            "books",
            """{"id":"new","title":"a","text":"b","fields":{"year":1e2}}""",
            """{"id":"old","text":"second"}""",
            "",
            """{"id":"gone","action":"delete"}""",
            """{"id":"never","action":"delete"}""",
            """{"id":"refuse-me"}""",
            "{oops");

        Assert.Equal(
            ["1 new created", "2 old updated", "4 gone deleted", "5 never not_found", "6 refuse-me failed", "7  failed", "0  summary"],
            results.Select(r => $"{r.Line} {r.Id} {r.Status}"));
        Assert.Equal(
            new BulkSummary { Received = 6, Created = 1, Updated = 1, Deleted = 1, NotFound = 1, Failed = 2 }, results[^1].Summary);
        Assert.Equal(ErrorCodes.InvalidJson, results[5].Error!.Code);
        Assert.Equal(
            """{"title":"a","text":"b","fields":{"year":1e2}}""",
            Encoding.UTF8.GetString(host.Grains.Indexes["acme/books"].Documents["new"].Stored.Span));
    }

    [Fact]
    public async Task Results_of_the_first_lines_arrive_while_the_body_is_still_being_sent()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(("BatchItems", "2"));
        await host.Client.CreateIndexAsync("books");
        using var raw = new RawHttp(host.Address, InMemoryGrains.AcmeKey);
        await raw.BeginBulkAsync("books");
        await raw.SendChunkAsync("""
            {"id":"a"}
            {"id":"b"}
            {"id":"c"}

            """);

        string first = await raw.ReadUntilAsync("\"b\"");
        await raw.SendChunkAsync("""{"id":"d"}""");
        await raw.EndChunksAsync();
        string rest = await raw.ReadUntilAsync("summary");

        Assert.Contains("created", first, StringComparison.Ordinal);
        Assert.Contains("\"d\"", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_reads_nothing_before_it_has_sent_all_is_served()
    {
        const int Documents = 60_000;
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.Client.CreateIndexAsync("books");
        using var raw = new RawHttp(host.Address, InMemoryGrains.AcmeKey, receiveBufferBytes: 4_096);
        await raw.BeginBulkAsync("books");
        for (int i = 0; i < Documents; i += 100)
        {
            await raw.SendChunkAsync(string.Concat(Enumerable.Range(i, 100).Select(n => $$"""{"id":"{{new string('x', 60)}}{{n}}"}""" + "\n")));
        }

        await raw.EndChunksAsync();
        await raw.ReadUntilAsync("\"summary\":{\"received\":60000,\"created\":60000");
        Assert.Equal(Documents, host.Grains.Indexes["acme/books"].Documents.Count);
    }

    [Fact]
    public async Task A_half_closed_connection_loses_no_line_that_the_server_has_read()
    {
        await using GatewayHost host = await GatewayHost.StartAsync(("BatchItems", "2"));
        await host.Client.CreateIndexAsync("books");
        using (var raw = new RawHttp(host.Address, InMemoryGrains.AcmeKey))
        {
            await raw.BeginBulkAsync("books", contentLength: 10_000);
            await raw.SendAsync("""
                {"id":"a","text":"kept"}
                {"id":"b","text":"kept"}
                {"id":"c","text":"kept"}
                {"id":"d","text":"half of a li
                """);

            // The third line is what ended the first batch: it has been read, and waits for company.
            await raw.ReadUntilAsync("\"b\"");
            raw.ShutdownSending();
            await raw.ReadToEndAsync();
        }

        await Task.WhenAll(((string[])["a", "b", "c"]).Select(host.Grains.Indexes["acme/books"].WrittenAsync));
        Assert.Equal(["a", "b", "c"], await host.Client.SearchIdsAsync("books", "kept"));
        host.Errors.AssertEmpty();
    }
}
