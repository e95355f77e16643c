using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Platform.Client.Contracts;

namespace Platform.Gateway.Tests.Http;

/// <summary>The calls that the tests make, over plain HTTP, so that they hold the contract and not the client.</summary>
internal static class ApiCalls
{
    public static async Task CreateIndexAsync(this HttpClient client, string name, string more = "")
    {
        HttpResponseMessage response = await client.PostAsync("/v1/indexes", Json($$"""{"name":"{{name}}"{{more}}}"""));
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
    }

    public static Task<HttpResponseMessage> SearchAsync(this HttpClient client, string index, string body) =>
        client.PostAsync($"/v1/indexes/{index}/search", Json(body));

    public static async Task<string[]> SearchIdsAsync(this HttpClient client, string index, string text)
    {
        HttpResponseMessage response = await client.SearchAsync(index, $$"""{"text":{{JsonSerializer.Serialize(text)}},"top":100}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        SearchResponse? answer = await response.Content.ReadFromJsonAsync(PlatformJson.Default.SearchResponse);
        return [.. answer!.Hits.Select(h => h.Id)];
    }

    public static async Task<BulkResult[]> BulkAsync(this HttpClient client, string index, params string[] lines) =>
        await client.BulkAsync(index, Ndjson(string.Join('\n', lines)));

    public static async Task<BulkResult[]> BulkAsync(this HttpClient client, string index, HttpContent body)
    {
        HttpResponseMessage response = await client.PostAsync($"/v1/indexes/{index}/documents", body);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return ReadResults(text);
    }

    public static BulkResult[] ReadResults(string ndjson) =>
    [
        .. ndjson.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize(line, PlatformJson.Default.BulkResult)!),
    ];

    public static async Task<Problem> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string code)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Problem problem = JsonSerializer.Deserialize(body, PlatformJson.Default.Problem)!;
        Assert.Equal(code, problem.Code);
        Assert.Equal($"urn:platform:error:{code}", problem.Type);
        Assert.Equal((int)status, problem.Status);
        Assert.False(string.IsNullOrWhiteSpace(problem.Title));
        Assert.False(string.IsNullOrWhiteSpace(problem.TraceId));
        return problem;
    }

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    public static StringContent Ndjson(string body) => new(body, Encoding.UTF8, "application/x-ndjson");
}
