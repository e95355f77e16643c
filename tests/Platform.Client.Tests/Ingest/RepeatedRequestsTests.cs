using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.Client.Tests.Fakes;

namespace Platform.Client.Tests.Ingest;

public sealed class RepeatedRequestsTests
{
    [Fact]
    public async Task A_request_answered_503_is_sent_again_with_the_same_idempotency_key()
    {
        var time = new EagerTime();
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => request.Number < 3
            ? context.ProblemAsync(503, ErrorCodes.Unavailable, "Starting.", retryAfter: "2")
            : context.BulkAsync(request));
        using var client = new PlatformClient(gateway.Options(), time: time);

        IngestSummary summary = await client.IngestAsync("articles", Sources.OfIds("a", "b"), Unhurried);

        Assert.Single(gateway.Received.Select(request => request.IdempotencyKey).Distinct());
        Assert.All(gateway.Received, request => Assert.Equal(["a", "b"], request.Ids));
        Assert.All(time.Waits, wait => Assert.Equal(TimeSpan.FromSeconds(2), wait));
        Assert.Equal((2, 3, 2), (summary.Created, summary.Requests, summary.Retries));
    }

    [Fact]
    public async Task After_a_connection_lost_in_the_answer_only_the_unanswered_items_go_again_with_the_same_key()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync(async (context, request) =>
        {
            if (request.Number > 1)
            {
                await context.BulkAsync(request);
                return;
            }

            await context.LineAsync(new BulkResult { Line = 2, Id = "b", Status = "updated" });
            await context.TearAsync("{\"line\":1,\"id\":\"a\",\"sta");
        });
        using var client = new PlatformClient(gateway.Options(), time: new EagerTime());

        IngestSummary summary = await client.IngestAsync("articles", Sources.OfIds("a", "b", "c"), Unhurried);

        Assert.Equal(["a b c", "a c"], gateway.Received.Select(request => string.Join(' ', request.Ids)));
        Assert.Single(gateway.Received.Select(request => request.IdempotencyKey).Distinct());
        Assert.Equal((2, 1, 0), (summary.Created, summary.Updated, summary.Unknown));
    }

    [Fact]
    public async Task An_answer_that_ends_without_a_summary_is_completed_by_another_request()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => request.Number > 1
            ? context.BulkAsync(request)
            : context.LineAsync(new BulkResult { Line = 1, Id = "a", Status = "created" }));
        using var client = new PlatformClient(gateway.Options(), time: new EagerTime());

        IngestSummary summary = await client.IngestAsync("articles", Sources.OfIds("a", "b"), Unhurried);

        Assert.Equal(["a b", "b"], gateway.Received.Select(request => string.Join(' ', request.Ids)));
        Assert.Equal(2, summary.Created);
    }

    [Fact]
    public async Task Items_that_failed_for_now_go_again_and_those_refused_for_good_do_not()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => context.BulkAsync(request, id => id switch
        {
            "later" when request.Number < 3 => Answers.Failed(ErrorCodes.Unavailable, retryable: true),
            "never" => Answers.Failed(ErrorCodes.TooLarge, retryable: false),
            _ => new BulkResult { Line = 0, Status = "created" },
        }));
        using var client = new PlatformClient(gateway.Options(), time: new EagerTime());

        IngestSummary summary = await client.IngestAsync("articles", Sources.OfIds("now", "later", "never"), Unhurried);

        Assert.Equal(
            ["now later never", "later", "later"], gateway.Received.Select(request => string.Join(' ', request.Ids)));
        Assert.Single(gateway.Received.Select(request => request.IdempotencyKey).Distinct());
        IngestResult refused = Assert.Single(summary.Failures);
        Assert.Equal(
            (3, "never", IngestStatus.Failed, ErrorCodes.TooLarge),
            (refused.Position, refused.Id, refused.Status, refused.Error!.Code));
        Assert.Equal(2, summary.Created);
    }

    [Fact]
    public async Task An_item_that_stays_open_through_all_retries_is_reported_as_unknown_and_the_ingest_goes_on()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => context.BulkAsync(request, id => id is "a"
            ? Answers.Failed(ErrorCodes.Unavailable, retryable: true)
            : new BulkResult { Line = 0, Status = "created" }));
        using var client = new PlatformClient(gateway.Options(), time: new EagerTime());
        var options = new IngestOptions { MaxItemsPerRequest = 2, MaxRetries = 2, MaxWait = Timeout.InfiniteTimeSpan };

        IngestSummary summary = await client.IngestAsync("articles", Sources.OfIds("a", "b", "c"), options);

        IngestResult open = Assert.Single(summary.Failures);
        Assert.Equal((1, "a", IngestStatus.Unknown, true), (open.Position, open.Id, open.Status, open.Error!.Retryable));
        Assert.Equal((2, 1, 4), (summary.Created, summary.Unknown, summary.Requests));
    }

    [Fact]
    public async Task A_request_refused_as_a_whole_fails_its_items_alone()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => request.Ids.Contains("a")
            ? context.ProblemAsync(413, ErrorCodes.TooLarge, "The body has 9 bytes; the limit is 8.")
            : context.BulkAsync(request));
        using var client = new PlatformClient(gateway.Options(), time: new EagerTime());

        IngestSummary summary = await client.IngestAsync(
            "articles", Sources.OfIds("a", "b", "c"), new IngestOptions { MaxItemsPerRequest = 2, MaxWait = Timeout.InfiniteTimeSpan });

        Assert.Equal(["a", "b"], summary.Failures.Select(failure => failure.Id));
        Assert.All(
            summary.Failures,
            failure => Assert.Equal(("too_large", IngestStatus.Failed), (failure.Error!.Code, failure.Status)));
        Assert.Equal(1, summary.Created);
    }

    [Theory]
    [InlineData(401, ErrorCodes.Unauthorized)]
    [InlineData(404, ErrorCodes.IndexNotFound)]
    public async Task A_wrong_key_or_index_stops_the_ingest_and_every_item_read_is_accounted_for(int status, string code)
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync(
            (context, _) => context.ProblemAsync(status, code, "No."));
        using var client = new PlatformClient(gateway.Options(), time: new EagerTime());
        var source = new Sources(Sources.Numbered(100));
        var options = new IngestOptions
        {
            MaxItemsPerRequest = 5,
            MaxRequestsInFlight = 2,
            MaxWait = Timeout.InfiniteTimeSpan,
        };

        IngestStoppedException stopped = await Assert.ThrowsAsync<IngestStoppedException>(
            () => client.IngestAsync("articles", source.ItemsAsync(), options));

        Assert.Equal(code, stopped.Code);
        Assert.InRange(source.Read, 5, 15);
        Assert.Equal(source.Read, stopped.Summary.Failed);
        Assert.Equal(source.Read, stopped.Summary.Failures.Count);
    }

    [Fact]
    public async Task A_service_that_stays_away_stops_the_ingest_with_its_items_unknown()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var client = new PlatformClient(gateway.Options(), time: new EagerTime());
        var options = new IngestOptions
        {
            MaxItemsPerRequest = 2,
            MaxRequestsInFlight = 1,
            MaxRetries = 3,
            MaxWait = Timeout.InfiniteTimeSpan,
        };

        IngestStoppedException stopped = await Assert.ThrowsAsync<IngestStoppedException>(
            () => client.IngestAsync("articles", Sources.Of(Sources.Numbered(100)), options));

        Assert.Equal(ClientErrorCodes.ConnectionLost, stopped.Code);
        Assert.Equal(
            (2, 2, 0, 4),
            (stopped.Summary.Read, stopped.Summary.Unknown, stopped.Summary.Failed, stopped.Summary.Requests));
    }

    [Fact]
    public async Task A_service_that_was_never_reached_leaves_the_items_failed_not_unknown()
    {
        using var client = new PlatformClient(
            new PlatformClientOptions { Endpoints = [await FakeGateway.UnreachableAsync()], ApiKey = "k", RequestTimeout = Timeout.InfiniteTimeSpan },
            time: new EagerTime());

        IngestStoppedException stopped = await Assert.ThrowsAsync<IngestStoppedException>(
            () => client.IngestAsync("articles", Sources.OfIds("a"), Unhurried));

        Assert.Equal((1, 0), (stopped.Summary.Failed, stopped.Summary.Unknown));
    }

    [Fact]
    public async Task An_ingest_goes_on_at_the_next_endpoint()
    {
        await using FakeGateway alive = await FakeGateway.StartAsync((context, request) => context.BulkAsync(request));
        await using FakeGateway dies = await FakeGateway.StartAsync((context, request) =>
        {
            if (request.Number == 1)
            {
                return context.BulkAsync(request);
            }

            return context.ProblemAsync(503, ErrorCodes.Unavailable, "Draining.");
        });
        using var client = new PlatformClient(dies.Options(alive.Url), time: new EagerTime());

        IngestSummary summary = await client.IngestAsync(
            "articles", Sources.Of(Sources.Numbered(10)), new IngestOptions { MaxItemsPerRequest = 2, MaxRequestsInFlight = 1, MaxWait = Timeout.InfiniteTimeSpan });

        Assert.Equal(10, summary.Created);
        Assert.Equal(2, dies.Received.Count);
        Assert.Equal(4, alive.Received.Count);
        Assert.Equal(dies.Received.Last().IdempotencyKey, alive.Received.First().IdempotencyKey);
    }

    private static IngestOptions Unhurried => new() { MaxWait = Timeout.InfiniteTimeSpan };
}
