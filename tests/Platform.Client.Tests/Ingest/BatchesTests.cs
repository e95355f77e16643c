using System.Text.Json;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.Client.Tests.Fakes;

namespace Platform.Client.Tests.Ingest;

public sealed class BatchesTests
{
    [Fact]
    public async Task A_stream_is_cut_into_requests_of_the_largest_size_each_with_its_own_key()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => context.BulkAsync(request));
        using var client = new PlatformClient(gateway.Options());

        IngestSummary summary = await client.IngestAsync("articles", Sources.Of(Sources.Numbered(2_500)));

        Assert.Equal([500, 1_000, 1_000], gateway.Received.Select(request => request.Ids.Length).Order());
        Assert.Equal(3, gateway.Received.Select(request => request.IdempotencyKey).Distinct().Count());
        Assert.All(gateway.Received, request => Assert.True(Guid.TryParse(request.IdempotencyKey, out _)));
        Assert.All(gateway.Received, request => Assert.Equal("application/x-ndjson", request.Headers["Content-Type"]));
        Assert.All(
            gateway.Received,
            request => Assert.Equal("POST /v1/indexes/articles/documents", $"{request.Method} {request.Target}"));
        Assert.Equal((2_500, 2_500, 3, 0), (summary.Read, summary.Created, summary.Requests, summary.Retries));
        Assert.True(summary.IsComplete);
    }

    [Fact]
    public async Task A_request_stays_below_its_bytes_and_a_larger_item_travels_alone()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => context.BulkAsync(request));
        using var client = new PlatformClient(gateway.Options());
        BulkItem[] items = [.. Enumerable.Range(0, 9).Select(
            n => Sources.Item($"d{n}", new string('x', n == 4 ? 5_000 : 600)))];

        IngestSummary summary = await client.IngestAsync(
            "articles", Sources.Of(items), new IngestOptions { MaxBytesPerRequest = 2_048, MaxRequestsInFlight = 1 });

        Assert.Equal(
            ["d0 d1 d2", "d3", "d4", "d5 d6 d7", "d8"],
            gateway.Received.Select(request => string.Join(' ', request.Ids)));
        Assert.Equal(gateway.Received.Sum(request => request.Body.Length), summary.Bytes);
    }

    [Fact]
    public async Task An_item_travels_with_everything_it_holds()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => context.BulkAsync(request));
        using var client = new PlatformClient(gateway.Options());
        var item = new BulkItem
        {
            Id = "a\nb",
            Action = "upsert",
            Title = "Å",
            Fields = new() { ["year"] = JsonSerializer.SerializeToElement(1999) },
            Sparse = new SparseVector { Indices = [3], Values = [0.25] },
        };

        await client.IngestAsync("articles", Sources.Of([item]));

        BulkItem sent = JsonSerializer.Deserialize(
            Assert.Single(Assert.Single(gateway.Received).Lines), PlatformJson.Default.BulkItem)!;
        Assert.Equal(
            ("a\nb", "upsert", "Å", 1999, 0.25),
            (sent.Id, sent.Action, sent.Title, sent.Fields!["year"].GetInt32(), sent.Sparse!.Values[0]));
    }

    [Fact]
    public async Task An_empty_stream_sends_nothing()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => context.BulkAsync(request));
        using var client = new PlatformClient(gateway.Options());

        IngestSummary summary = await client.IngestAsync("articles", Sources.OfIds());

        Assert.Empty(gateway.Received);
        Assert.Equal(0, summary.Read);
        Assert.True(summary.IsComplete);
    }

    [Fact]
    public async Task Items_of_a_slow_source_are_sent_when_the_first_has_waited_long_enough()
    {
        var time = new ManualTime();
        var arrived = new TaskCompletionSource();
        await using FakeGateway gateway = await FakeGateway.StartAsync(async (context, request) =>
        {
            await context.BulkAsync(request);
            arrived.TrySetResult();
        });
        using var client = new PlatformClient(gateway.Options(), time: time);
        var source = new Sources(Sources.Numbered(2), stallAfter: 2);

        Task<IngestSummary> ingest = client.IngestAsync("articles", source.ItemsAsync());
        Assert.Equal(TimeSpan.FromSeconds(1), await time.NextWaitAsync());
        time.Advance(TimeSpan.FromSeconds(1));
        await arrived.Task;

        Assert.Equal(["d1", "d2"], Assert.Single(gateway.Received).Ids);
        source.End();
        Assert.Equal(2, (await ingest).Created);
    }

    [Fact]
    public async Task A_fault_of_the_source_comes_after_what_was_read_before_it_is_ingested()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => context.BulkAsync(request));
        using var client = new PlatformClient(gateway.Options());
        List<IngestResult> results = [];

        await Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (IngestResult result in client.IngestResultsAsync("articles", Sources.Of(Broken())))
            {
                results.Add(result);
            }
        });

        Assert.Equal(["d1", "d2"], results.Select(result => result.Id));

        static IEnumerable<BulkItem> Broken()
        {
            yield return Sources.Item("d1");
            yield return Sources.Item("d2");
            throw new FormatException("line 3");
        }
    }

    [Fact]
    public void Ingest_options_report_all_their_faults_at_once() =>
        Assert.Equal(6, new IngestOptions
        {
            MaxItemsPerRequest = 0,
            MaxBytesPerRequest = 1,
            MaxRequestsInFlight = 65,
            MaxWait = TimeSpan.Zero,
            MaxRetries = -1,
            MaxListedFailures = -1,
        }.Faults().Count);
}
