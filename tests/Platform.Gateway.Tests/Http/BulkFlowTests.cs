using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Tests.Fakes;

namespace Platform.Gateway.Tests.Http;

/// <summary>How a bulk request is cut into batches, how many run at a time, and what becomes of those that fail.</summary>
public sealed class BulkFlowTests
{
    [Fact]
    public async Task A_busy_cluster_fails_only_the_lines_of_its_batch_and_they_are_worth_a_retry()
    {
        await using GatewayHost host = await StartAsync(("BatchItems", "2"), ("BatchesInFlight", "1"));
        int calls = 0;
        host.Grains.BeforeCall = call => call == "apply" && ++calls == 2
            ? throw new PlatformException(FaultKind.Busy, "the queue is full")
            : Task.CompletedTask;

        BulkResult[] results = await host.Client.BulkAsync("books", Documents(6));

        Assert.Equal(["created", "created", "failed", "failed", "created", "created", "summary"], results.Select(r => r.Status));
        Assert.All(results[2..4], r => Assert.Equal(new BulkError(ErrorCodes.Busy, "the queue is full", Retryable: true), r.Error));
    }

    [Fact]
    public async Task A_call_that_times_out_is_worth_a_retry_and_one_that_breaks_a_rule_is_not()
    {
        await using GatewayHost host = await StartAsync();
        host.Grains.BeforeCall = call => call == "apply" ? throw new TimeoutException() : Task.CompletedTask;
        BulkResult late = (await host.Client.BulkAsync("books", Documents(1)))[0];
        host.Grains.BeforeCall = call => call == "apply" ? throw new PlatformException(FaultKind.EncoderMismatch, "no text here") : Task.CompletedTask;
        BulkResult wrong = (await host.Client.BulkAsync("books", Documents(1)))[0];

        Assert.Equal((ErrorCodes.Unavailable, true), (late.Error!.Code, late.Error.Retryable));
        Assert.Equal((ErrorCodes.EncoderMismatch, false), (wrong.Error!.Code, wrong.Error.Retryable));
    }

    [Fact]
    public async Task No_more_batches_run_at_a_time_than_the_limit_and_their_answers_come_in_the_order_of_the_lines()
    {
        await using GatewayHost host = await StartAsync(("BatchItems", "1"), ("BatchesInFlight", "3"));
        var three = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int running = 0;
        int most = 0;
        host.Grains.BeforeCall = async call =>
        {
            if (call == "apply")
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                if (now == 3)
                {
                    three.TrySetResult();
                }

                await three.Task;
                await Task.Delay(now == 1 ? 20 : 1);
                Interlocked.Decrement(ref running);
            }
        };

        BulkResult[] results = await host.Client.BulkAsync("books", Documents(30));

        Assert.Equal(3, most);
        Assert.Equal(Enumerable.Range(1, 30).Append(0), results.Select(r => r.Line));
    }

    [Fact]
    public async Task A_batch_ends_at_its_limit_of_items_or_of_bytes()
    {
        await using GatewayHost host = await StartAsync(("BatchItems", "3"), ("BatchBytes", "2000"), ("BatchesInFlight", "1"));
        string[] lines = [.. Documents(4), Long("x", 1_500), Long("y", 1_500), Long("z", 3_000), """{"id":"last"}"""];
        await host.Client.BulkAsync("books", lines);
        Assert.Equal(
            ["d0 d1 d2", "d3 x", "y", "z", "last"],
            host.Grains.Batches.Select(b => string.Join(' ', b.Items.Select(i => i.DocumentKey))));
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_operations_however_the_lines_are_sent()
    {
        await using GatewayHost host = await StartAsync();
        foreach (string[] lines in (string[][])[Documents(3), [.. Documents(3).Reverse()]])
        {
            using StringContent body = ApiCalls.Ndjson(string.Join("\r\n", lines));
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/indexes/books/documents") { Content = body };
            request.Headers.Add("Idempotency-Key", "once");
            Assert.True((await host.Client.SendAsync(request)).IsSuccessStatusCode);
        }

        IngestItem[][] sent = [.. host.Grains.Batches.Select(b => b.Items.OrderBy(i => i.DocumentKey, StringComparer.Ordinal).ToArray())];
        Assert.Equal(sent[0].Select(i => i.OperationId), sent[1].Select(i => i.OperationId));
        Assert.Equal(3, sent[0].Select(i => i.OperationId).Distinct().Count());
    }

    [Fact]
    public async Task Lines_beyond_the_most_documents_fail_and_may_be_sent_again()
    {
        await using GatewayHost host = await StartAsync(("MaxDocumentsPerRequest", "2"));
        BulkResult[] results = await host.Client.BulkAsync("books", Documents(4));
        Assert.Equal(["created", "created", "failed", "failed", "summary"], results.Select(r => r.Status));
        Assert.Equal((ErrorCodes.TooLarge, true), (results[2].Error!.Code, results[2].Error!.Retryable));
        Assert.Contains("more than 2 documents", results[2].Error!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stops_applies_what_it_has_read_and_says_where_it_stopped()
    {
        await using GatewayHost host = await StartAsync(("BatchItems", "2"));
        using var raw = new RawHttp(host.Address, InMemoryGrains.AcmeKey);
        await raw.BeginBulkAsync("books");
        await raw.SendChunkAsync(string.Join('\n', Documents(3)) + "\n");
        await raw.ReadUntilAsync("\"d1\"");                    // so the third line has been read

        Task stopped = host.StopAsync();
        string rest = await raw.ReadUntilAsync("summary");
        await stopped;

        Assert.Contains("\"d2\",\"status\":\"created\"", rest, StringComparison.Ordinal);
        Assert.Contains("{\"line\":4,\"status\":\"failed\",\"error\":{\"code\":\"unavailable\"", rest, StringComparison.Ordinal);
        Assert.Equal(3, host.Grains.Indexes["acme/books"].Documents.Count);
        host.Errors.AssertEmpty();
    }

    private static async Task<GatewayHost> StartAsync(params (string Option, string Value)[] options)
    {
        GatewayHost host = await GatewayHost.StartAsync(options);
        await host.Client.CreateIndexAsync("books");
        return host;
    }

    private static string[] Documents(int count) => [.. Enumerable.Range(0, count).Select(i => $$"""{"id":"d{{i}}","text":"t"}""")];

    private static string Long(string id, int bytes) => $$"""{"id":"{{id}}","text":"{{new string('t', bytes)}}"}""";

    private static void InterlockedMax(ref int most, int value)
    {
        int seen = most;
        while (value > seen)
        {
            seen = Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
