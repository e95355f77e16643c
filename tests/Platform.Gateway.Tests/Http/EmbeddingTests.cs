using System.Net;
using System.Text.Json.Nodes;
using Platform.Abstractions;
using Platform.Client.Contracts;
using Platform.Gateway.Tests.Fakes;

namespace Platform.Gateway.Tests.Http;

public sealed class EmbeddingTests : IAsyncLifetime
{
    private GatewayHost? _host;

    private GatewayHost Host => _host ?? throw new InvalidOperationException("The server has not started.");

    public async Task InitializeAsync() => _host = await GatewayHost.StartAsync(("MaxEmbeddingInputs", "3"), ("MaxEmbeddingBodyBytes", "2048"));

    public async Task DisposeAsync() => await Host.DisposeAsync();

    [Fact]
    public async Task Dense_vectors_come_in_the_form_of_the_OpenAI_API()
    {
        JsonNode answer = await PostAsync("/v1/embeddings", """{"model":"dense@1","input":["ab","abcd"],"user":"someone"}""");

        Assert.Equal(
            """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[2,0.5]},{"object":"embedding","index":1,"embedding":[4,0.5]}],"model":"dense@1","usage":{"prompt_tokens":6,"total_tokens":6}}""",
            answer.ToJsonString());
        Assert.False(Host.Grains.LastEmbedding!.AreQueries);
    }

    [Fact]
    public async Task One_text_may_stand_without_an_array_and_numbers_as_base64()
    {
        JsonNode answer = await PostAsync("/v1/embeddings", """{"model":"dense@1","input":"ab","encoding_format":"base64","input_type":"query","dimensions":2}""");

        byte[] bytes = Convert.FromBase64String((string)answer["data"]![0]!["embedding"]!);
        Assert.Equal([2f, 0.5f], [BitConverter.ToSingle(bytes, 0), BitConverter.ToSingle(bytes, 4)]);
        Assert.True(Host.Grains.LastEmbedding!.AreQueries);
    }

    [Fact]
    public async Task Sparse_vectors_have_indices_values_and_if_asked_for_terms()
    {
        JsonNode bare = await PostAsync("/v1/sparse-embeddings", """{"model":"sparse@1","input":"ab"}""");
        JsonNode full = await PostAsync("/v1/sparse-embeddings", """{"model":"sparse@1","input":"ab","include_terms":true}""");
        JsonNode packed = await PostAsync("/v1/sparse-embeddings", """{"model":"sparse@1","input":"ab","encoding_format":"base64"}""");

        Assert.Equal(
            """{"object":"list","data":[{"object":"sparse_embedding","index":0,"embedding":{"indices":[3,5],"values":[1.5,0.25]}}],"model":"sparse@1","usage":{"prompt_tokens":2,"total_tokens":2}}""",
            bare.ToJsonString());
        Assert.Equal("""["three","ab"]""", full["data"]![0]!["embedding"]!["terms"]!.ToJsonString());
        Assert.Equal(Convert.ToBase64String([3, 0, 0, 0, 5, 0, 0, 0]), (string)packed["data"]![0]!["embedding"]!["indices"]!);
    }

    [Theory]
    [InlineData("embeddings", """{"model":"dense@1"}""", ErrorCodes.InvalidRequest, "Member 'input' is missing")]
    [InlineData("embeddings", """{"input":"a"}""", ErrorCodes.InvalidRequest, "Member 'model' is missing")]
    [InlineData("embeddings", """{"model":"dense","input":"a"}""", ErrorCodes.InvalidRequest, "'dense'; it must be a model as id@version")]
    [InlineData("embeddings", """{"model":"../a@1","input":"a"}""", ErrorCodes.InvalidRequest, "it must be a model as id@version")]
    [InlineData("embeddings", """{"model":"dense@1","input":[]}""", ErrorCodes.InvalidRequest, "has 0 texts; it must have 1 to 3")]
    [InlineData("embeddings", """{"model":"dense@1","input":["a","b","c","d"]}""", ErrorCodes.InvalidRequest, "has 4 texts; it must have 1 to 3")]
    [InlineData("embeddings", """{"model":"dense@1","input":["a"," "]}""", ErrorCodes.InvalidRequest, "input[1] is empty or blank")]
    [InlineData("embeddings", """{"model":"dense@1","input":[1,2]}""", ErrorCodes.InvalidJson, "token ids are not taken")]
    [InlineData("embeddings", """{"model":"dense@1","input":{"text":"a"}}""", ErrorCodes.InvalidJson, "a text or an array of texts")]
    [InlineData("embeddings", """{"model":"dense@1","input":"\ud800"}""", ErrorCodes.InvalidJson, "a text or an array of texts")]
    [InlineData("embeddings", """{"model":"dense@1","input":"a","encoding_format":"int8"}""", ErrorCodes.InvalidRequest, "it must be float or base64")]
    [InlineData("embeddings", """{"model":"dense@1","input":"a","input_type":"passage"}""", ErrorCodes.InvalidRequest, "it must be query or document")]
    [InlineData("embeddings", """{"model":"dense@1","input":"a","dimensions":1}""", ErrorCodes.InvalidRequest, "have 2 and are not shortened")]
    [InlineData("embeddings", """{"model":"dense@1","input":"a","include_terms":true}""", ErrorCodes.InvalidRequest, "dense vectors have no terms")]
    [InlineData("embeddings", """{"model":"dense@1","input":"a","more":1}""", ErrorCodes.InvalidJson, "'more' is not known")]
    [InlineData("sparse-embeddings", """{"model":"sparse@1","input":"a","dimensions":2}""", ErrorCodes.InvalidRequest, "'dimensions' is given")]
    public async Task A_request_that_breaks_a_rule_is_told_which(string path, string body, string code, string message)
    {
        HttpResponseMessage response = await Host.Client.PostAsync($"/v1/{path}", ApiCalls.Json(body));

        Problem problem = await response.ProblemAsync(HttpStatusCode.BadRequest, code);
        Assert.Contains(message, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_not_there_a_busy_encoder_and_a_large_body_have_their_own_status()
    {
        HttpResponseMessage absent = await Host.Client.PostAsync("/v1/embeddings", ApiCalls.Json("""{"model":"absent@1","input":"a"}"""));
        HttpResponseMessage large = await Host.Client.PostAsync("/v1/embeddings", ApiCalls.Json($$"""{"model":"dense@1","input":"{{new string('x', 2048)}}"}"""));
        Host.Grains.BeforeCall = _ => throw new PlatformException(FaultKind.Busy, "the queue is full", TimeSpan.FromSeconds(7));
        HttpResponseMessage busy = await Host.Client.PostAsync("/v1/embeddings", ApiCalls.Json("""{"model":"dense@1","input":"a"}"""));

        await absent.ProblemAsync(HttpStatusCode.Conflict, ErrorCodes.EncoderMismatch);
        await large.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, ErrorCodes.TooLarge);
        await busy.ProblemAsync(HttpStatusCode.TooManyRequests, ErrorCodes.Busy);
        Assert.Equal(TimeSpan.FromSeconds(7), busy.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task A_model_says_what_it_is_and_nobody_without_a_key_is_told()
    {
        using HttpClient stranger = Host.ClientFor(null);

        Assert.Equal("""{"id":"sparse@1","object":"model","head":"sparse","model_hash":"abc","contract":{"bos":1}}""", await Host.Client.GetStringAsync("/v1/models/sparse@1"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/v1/models/sparse@1")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.PostAsync("/v1/embeddings", ApiCalls.Json("""{"model":"dense@1","input":"a"}"""))).StatusCode);
        await (await Host.Client.GetAsync("/v1/models/nonsense")).ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
    }

    private async Task<JsonNode> PostAsync(string path, string body)
    {
        HttpResponseMessage response = await Host.Client.PostAsync(path, ApiCalls.Json(body));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
