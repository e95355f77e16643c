using Microsoft.AspNetCore.Http;
using Platform.Client.Contracts;
using Platform.Client.Tests.Fakes;

namespace Platform.Client.Tests.Http;

public sealed class CallsTests
{
    [Fact]
    public async Task A_call_carries_the_key_as_bearer_token()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, _) => context.JsonAsync("""{"indexes":[]}"""));
        using var client = new PlatformClient(gateway.Options());

        Assert.Empty(await client.ListIndexesAsync());

        ReceivedRequest request = Assert.Single(gateway.Received);
        Assert.Equal("GET /v1/indexes", $"{request.Method} {request.Target}");
        Assert.Equal("Bearer pk_test", request.Headers["Authorization"]);
    }

    [Fact]
    public async Task An_index_is_created_from_its_specification()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync(
            (context, _) => context.JsonAsync(Answers.Index, 201));
        using var client = new PlatformClient(gateway.Options());

        IndexDescription index = await client.CreateIndexAsync(new IndexSpec { Name = "articles", Shards = 4 });

        ReceivedRequest request = Assert.Single(gateway.Received);
        Assert.Equal("POST /v1/indexes", $"{request.Method} {request.Target}");
        Assert.Contains("\"name\":\"articles\",\"shards\":4", request.Body, StringComparison.Ordinal);
        Assert.Equal(4, index.Shards);
    }

    [Theory]
    [InlineData("[0.5,-2]")]
    [InlineData("\"AAAAPwAAAMA=\"")]
    public async Task Dense_vectors_are_read_as_numbers_and_as_base64(string embedding)
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, _) => context.JsonAsync(
            $$$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":{{{embedding}}}}],"model":"m@1","usage":{"prompt_tokens":3,"total_tokens":3}}"""));
        using var client = new PlatformClient(gateway.Options());

        EmbeddingResponse answer = await client.EmbedAsync(new EmbeddingRequest { Model = "m@1", Input = EmbeddingInput.Of("text") });

        Assert.Equal([0.5f, -2f], Assert.Single(answer.Data).Embedding.Numbers);
        Assert.Equal(3, answer.Usage.PromptTokens);
        ReceivedRequest request = Assert.Single(gateway.Received);
        Assert.Equal("POST /v1/embeddings", $"{request.Method} {request.Target}");
        Assert.Equal("""{"model":"m@1","input":["text"],"encoding_format":"float","input_type":"document"}""", request.Body);
    }

    [Fact]
    public async Task Sparse_vectors_are_read_with_their_terms()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, _) => context.JsonAsync(
            """{"data":[{"index":0,"embedding":{"indices":"AwAAAA==","values":[1.5],"terms":["wing"]}}],"model":"m@1","usage":{"prompt_tokens":1,"total_tokens":1}}"""));
        using var client = new PlatformClient(gateway.Options());

        SparseEmbeddingResponse answer = await client.EmbedSparseAsync(new EmbeddingRequest { Model = "m@1", Input = EmbeddingInput.Of("wing"), IncludeTerms = true });

        TermWeights vector = Assert.Single(answer.Data).Embedding;
        Assert.Equal((3, 1.5f, "wing"), (vector.Indices.Numbers[0], vector.Values.Numbers[0], vector.Terms![0]));
        Assert.Contains("\"include_terms\":true", Assert.Single(gateway.Received).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MED-10", "MED-10")]
    [InlineData("a/b c", "a%2Fb%20c")]
    [InlineData("a/../b", "a%2F..%2Fb")]
    [InlineData("100%25?#", "100%2525%3F%23")]
    [InlineData("Å…", "%C3%85%E2%80%A6")]
    [InlineData("System.Collections.Generic.List`1", "System.Collections.Generic.List%601")]
    public async Task A_document_id_is_percent_encoded_whatever_it_holds(string id, string encoded)
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, _) => context.JsonAsync("""{"id":"x","title":"T"}"""));
        using var client = new PlatformClient(gateway.Options());

        Assert.Equal("T", (await client.GetDocumentAsync("articles", id))?.Title);

        Assert.Equal($"/v1/indexes/articles/documents/{encoded}", Assert.Single(gateway.Received).Target);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task A_document_id_that_servers_resolve_away_is_refused_before_it_is_sent(string id)
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, _) => context.JsonAsync("{}"));
        using var client = new PlatformClient(gateway.Options());

        await Assert.ThrowsAsync<ArgumentException>(() => client.DeleteDocumentAsync("articles", id));

        Assert.Empty(gateway.Received);
    }

    [Fact]
    public async Task An_endpoint_may_have_a_path_of_its_own()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, _) => context.JsonAsync(Answers.Index));
        using var client = new PlatformClient(
            new PlatformClientOptions { Endpoints = [new Uri(gateway.Url, "search")], ApiKey = "k" });

        await client.GetIndexAsync("articles");

        Assert.Equal("/search/v1/indexes/articles", Assert.Single(gateway.Received).Target);
    }

    [Fact]
    public async Task What_is_absent_is_null_or_false()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => context.ProblemAsync(
            404,
            request.Target.Contains("documents", StringComparison.Ordinal) ? ErrorCodes.DocumentNotFound : ErrorCodes.IndexNotFound,
            "There is none."));
        using var client = new PlatformClient(gateway.Options());

        Assert.Null(await client.GetIndexAsync("articles"));
        Assert.Null(await client.GetDocumentAsync("articles", "1"));
        Assert.False(await client.DeleteIndexAsync("articles"));
        Assert.False(await client.DeleteDocumentAsync("articles", "1"));
        PlatformClientException fault = await Assert.ThrowsAsync<PlatformClientException>(
            () => client.GetStatisticsAsync("articles"));
        Assert.Equal(ErrorCodes.IndexNotFound, fault.Code);
    }

    [Fact]
    public async Task A_search_answer_is_read_with_its_explanation_and_coverage()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, _) => context.JsonAsync(
            """
            {"hits":[{"id":"1","score":2.5,"document":{"title":"T"},"explanation":[{"term":"cat","queryWeight":1.25,"documentWeight":2,"contribution":2.5}]}],
             "coverage":{"asked":4,"answered":3,"failed":[{"ordinal":2,"reason":"late"}],"complete":false},"tookMilliseconds":1.5,"new":"ignored"}
            """));
        using var client = new PlatformClient(gateway.Options());

        SearchResponse answer = await client.SearchAsync(
            "articles", new SearchRequest { Text = "cats", Explain = true });

        Assert.Equal(2.5, answer.Hits[0].Explanation![0].Contribution);
        Assert.False(answer.Coverage.Complete);
        Assert.Equal(2, answer.Coverage.Failed[0].Ordinal);
    }

    [Fact]
    public async Task An_error_carries_the_whole_problem()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, _) =>
            context.ProblemAsync(400, ErrorCodes.InvalidRequest, "top is 0; it must be 1 to 10,000."));
        using var client = new PlatformClient(gateway.Options());

        PlatformClientException fault = await Assert.ThrowsAsync<PlatformClientException>(
            () => client.SearchAsync("articles", new SearchRequest { Text = "cats", Top = 0 }));

        Assert.Equal("top is 0; it must be 1 to 10,000.", fault.Message);
        Assert.Equal((ErrorCodes.InvalidRequest, 400, "t-1"), (fault.Code, fault.Problem.Status, fault.Problem.TraceId));
        Assert.False(fault.IsTransient);
        Assert.Single(gateway.Received);
    }

    [Fact]
    public async Task An_answer_of_some_other_service_is_named_as_such()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, _) =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<html>hello</html>", context.RequestAborted);
        });
        using var client = new PlatformClient(gateway.Options());

        PlatformClientException fault = await Assert.ThrowsAsync<PlatformClientException>(
            () => client.ListIndexesAsync());

        Assert.Equal(ClientErrorCodes.UnexpectedAnswer, fault.Code);
        Assert.Contains(gateway.Url.Authority, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_report_all_their_faults_at_once()
    {
        var options = new PlatformClientOptions
        {
            Endpoints = [new Uri("ftp://host"), new Uri("/relative", UriKind.Relative)],
            MaxRetries = 101,
            RetryDelay = TimeSpan.Zero,
        };

        ArgumentException fault = Assert.Throws<ArgumentException>(() => new PlatformClient(options));

        Assert.Equal(5, options.Faults().Count);
        Assert.All(options.Faults(), rule => Assert.Contains(rule, fault.Message, StringComparison.Ordinal));
    }
}
