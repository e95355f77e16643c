using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Client.Contracts;
using Platform.Gateway.Tests.Fakes;

namespace Platform.Gateway.Tests.Http;

public sealed class DocumentTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("https://example.org/a/b?c=d#e")]
    [InlineData("50%")]
    [InlineData("a%2Fb")]
    [InlineData("a//b/")]
    [InlineData("T:System.Func`2+<x> [y]")]
    [InlineData("größe 漢字 😀")]
    [InlineData("a\\b+c&d;e'f\"g")]
    public async Task A_document_of_any_id_is_found_and_deleted_by_its_encoded_path(string id)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.Client.CreateIndexAsync("books");
        await host.Client.BulkAsync("books", $$$"""{"id":{{{JsonSerializer.Serialize(id)}}},"title":"t","fields":{"n":1.50}}""");
        string path = $"/v1/indexes/books/documents/{Uri.EscapeDataString(id)}";

        string body = await host.Client.GetStringAsync(path);
        StoredDocument? found = JsonSerializer.Deserialize(body, PlatformJson.Default.StoredDocument);
        Assert.Equal((id, "t", null), (found!.Id, found.Title, found.Text));
        Assert.Contains("1.50", body, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NoContent, (await host.Client.DeleteAsync(path)).StatusCode);
        await (await host.Client.GetAsync(path)).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.DocumentNotFound);
        await (await host.Client.DeleteAsync(path)).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.DocumentNotFound);
    }

    [Theory]
    [InlineData("%0A", HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)]
    public async Task A_path_without_a_valid_id_is_refused(string id, HttpStatusCode status, string code)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.Client.CreateIndexAsync("books");
        await (await host.Client.GetAsync($"/v1/indexes/books/documents/{id}")).ProblemAsync(status, code);
    }

    [Fact]
    public async Task An_id_of_1025_bytes_is_refused_and_one_of_1024_is_taken()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.Client.CreateIndexAsync("books");
        string longest = new('é', 512);
        BulkResult[] results = await host.Client.BulkAsync(
            "books", $$"""{"id":"{{longest}}"}""", $$"""{"id":"{{longest}}x"}""", """{"id":"a\u0000b"}""");
        Assert.Equal(["created", "failed", "failed", "summary"], results.Select(r => r.Status));
        Assert.Contains("1025 bytes of UTF-8; at most 1024", results[1].Error!.Detail, StringComparison.Ordinal);
        Assert.Contains("control character U+0000", results[2].Error!.Detail, StringComparison.Ordinal);
        var found = await host.Client.GetFromJsonAsync($"/v1/indexes/books/documents/{Uri.EscapeDataString(longest)}", PlatformJson.Default.StoredDocument);
        Assert.Equal(longest, found!.Id);
    }
}
