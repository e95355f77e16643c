using System.Collections.Concurrent;
using System.Threading.Channels;
using CsCheck;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.Client.Tests.Fakes;

namespace Platform.Client.Tests.Ingest;

public sealed class OrderAndPressureTests
{
    [Fact]
    public async Task An_id_twice_starts_a_new_request_that_waits_for_the_first()
    {
        var arrivals = Channel.CreateUnbounded<ReceivedRequest>();
        var firstMayEnd = new TaskCompletionSource();
        await using FakeGateway gateway = await FakeGateway.StartAsync(async (context, request) =>
        {
            arrivals.Writer.TryWrite(request);
            if (request.Ids.Contains("x"))
            {
                await firstMayEnd.Task.WaitAsync(context.RequestAborted);
            }

            await context.BulkAsync(request);
        });
        using var client = new PlatformClient(gateway.Options());
        var options = new IngestOptions { MaxItemsPerRequest = 2, MaxWait = Timeout.InfiniteTimeSpan };

        Task<IngestSummary> ingest = client.IngestAsync(
            "articles", Sources.OfIds("x", "a", "b", "a", "c", "d"), options);
        string[] early = [.. await ReadAsync(arrivals, 2)];

        // x a | b a | c d: the second shares 'a' with the first, the third is free to overtake both.
        Assert.Equal(["c d", "x a"], early.Order());
        firstMayEnd.SetResult();
        Assert.Equal(["b a"], await ReadAsync(arrivals, 1));
        Assert.Equal(6, (await ingest).Created);
    }

    [Fact]
    public async Task The_source_is_read_no_further_than_the_requests_under_way()
    {
        var mayAnswer = new SemaphoreSlim(0);
        var arrivals = Channel.CreateUnbounded<ReceivedRequest>();
        await using FakeGateway gateway = await FakeGateway.StartAsync(async (context, request) =>
        {
            arrivals.Writer.TryWrite(request);
            await mayAnswer.WaitAsync(context.RequestAborted);
            await context.BulkAsync(request);
        });
        using var client = new PlatformClient(gateway.Options());
        var source = new Sources(Sources.Numbered(1_000));
        var options = new IngestOptions
        {
            MaxItemsPerRequest = 10,
            MaxRequestsInFlight = 3,
            MaxWait = Timeout.InfiniteTimeSpan,
        };

        Task<IngestSummary> ingest = client.IngestAsync("articles", source.ItemsAsync(), options);
        await ReadAsync(arrivals, 3);
        Assert.Equal(30, source.Read);

        mayAnswer.Release();
        await ReadAsync(arrivals, 1);
        Assert.Equal(40, source.Read);

        mayAnswer.Release(1_000);
        Assert.Equal(1_000, (await ingest).Created);
    }

    [Fact]
    public async Task A_slow_reader_of_the_results_slows_the_source()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => context.BulkAsync(request));
        using var client = new PlatformClient(gateway.Options());
        var source = new Sources(Sources.Numbered(10_000));
        var options = new IngestOptions
        {
            MaxItemsPerRequest = 10,
            MaxRequestsInFlight = 2,
            MaxWait = Timeout.InfiniteTimeSpan,
        };
        int taken = 0;
        int furthest = 0;

        await foreach (IngestResult result in client.IngestResultsAsync("articles", source.ItemsAsync(), options))
        {
            taken++;
            furthest = Math.Max(furthest, source.Read - taken);
        }

        Assert.Equal(10_000, taken);
        Assert.InRange(furthest, 1, 60);   // under way 2, handed over 2, being read 1, being started 1: of 10 each
    }

    [Fact]
    public async Task Cancellation_ends_the_ingest_with_requests_under_way()
    {
        var asked = new TaskCompletionSource();
        await using FakeGateway gateway = await FakeGateway.StartAsync(async (context, _) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var client = new PlatformClient(gateway.Options());
        using var cancelled = new CancellationTokenSource();
        var source = new Sources(Sources.Numbered(100_000));

        Task ends = Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.IngestAsync(
                "articles", source.ItemsAsync(cancelled.Token), cancellationToken: cancelled.Token));
        await asked.Task;
        await cancelled.CancelAsync();

        await ends;
        Assert.InRange(source.Read, 1_000, 4_000);
    }

    [Fact]
    public async Task To_stop_reading_the_results_stops_the_ingest()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => context.BulkAsync(request));
        using var client = new PlatformClient(gateway.Options());
        var source = new Sources(Sources.Numbered(100_000));

        await foreach (IngestResult result in client.IngestResultsAsync("articles", source.ItemsAsync()))
        {
            Assert.Equal(IngestStatus.Created, result.Status);
            break;
        }

        int read = source.Read;
        Assert.InRange(read, 1_000, 10_000);
    }

    [Fact]
    public async Task Progress_never_falls_and_ends_with_everything()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => context.BulkAsync(
            request, id => id is "d7" ? Answers.Failed(ErrorCodes.TooLarge, retryable: false) : new BulkResult { Line = 0, Status = "updated" }));
        using var client = new PlatformClient(gateway.Options());
        var seen = new Seen();

        IngestSummary summary = await client.IngestAsync(
            "articles", Sources.Of(Sources.Numbered(100)), new IngestOptions { MaxItemsPerRequest = 10 }, seen);

        Assert.Equal(10, seen.Reports.Count);
        Assert.Equal(
            seen.Reports.Select(report => report.Acknowledged).Order(),
            seen.Reports.Select(report => report.Acknowledged));
        Assert.Equal(
            (100, 99, 1, summary.Bytes),
            (seen.Reports[^1].Read, seen.Reports[^1].Acknowledged, seen.Reports[^1].Failed, seen.Reports[^1].Bytes));
    }

    [Fact]
    public async Task Whatever_fails_on_the_way_every_document_ends_as_if_its_operations_came_one_by_one()
    {
        var service = new ForgetfulService(seed: 0);
        await using FakeGateway gateway = await FakeGateway.StartAsync(
            (context, request) => service.AnswerAsync(context, request));
        await Gen.Select(Gen.Int[0, 9].Array[0, 120], Gen.Int[1, 7], Gen.Int[1, 5], Gen.Int).SampleAsync(
            async (ids, itemsPerRequest, inFlight, seed) =>
            {
                service = new ForgetfulService(seed);
                using var client = new PlatformClient(gateway.Options(), time: new EagerTime());
                var options = new IngestOptions
                {
                    MaxItemsPerRequest = itemsPerRequest,
                    MaxRequestsInFlight = inFlight,
                    MaxRetries = 100,
                    MaxWait = Timeout.InfiniteTimeSpan,
                };
                BulkItem[] items = [.. ids.Select((id, n) => Sources.Item($"d{id}", $"{n}"))];
                List<long> positions = [];

                await foreach (IngestResult result in client.IngestResultsAsync("articles", Sources.Of(items), options))
                {
                    Assert.True(result.IsAcknowledged);
                    positions.Add(result.Position);
                }

                Assert.Equal(Enumerable.Range(1, items.Length).Select(n => (long)n), positions.Order());
                foreach (IGrouping<string, BulkItem> document in items.GroupBy(item => item.Id))
                {
                    Assert.Equal(document.Select(item => item.Text), service.AppliedTo(document.Key));
                }
            },
            iter: 60, threads: 1);
    }

    private static async Task<IEnumerable<string>> ReadAsync(Channel<ReceivedRequest> arrivals, int count)
    {
        List<string> ids = [];
        while (ids.Count < count)
        {
            ids.Add(string.Join(' ', (await arrivals.Reader.ReadAsync()).Ids));
        }

        return ids;
    }

    private sealed class Seen : IProgress<IngestProgress>
    {
        public List<IngestProgress> Reports { get; } = [];

        public void Report(IngestProgress value) => Reports.Add(value);
    }

    /// <summary>Applies an operation once by idempotency key and id, and loses requests, answers and parts of answers.</summary>
    private sealed class ForgetfulService(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly ConcurrentDictionary<string, List<(string Key, string Text)>> _applied = new();

        public IEnumerable<string> AppliedTo(string id) => _applied[id].Select(operation => operation.Text);

        public async Task AnswerAsync(Microsoft.AspNetCore.Http.HttpContext context, ReceivedRequest request)
        {
            if (Chance(0.15))
            {
                await context.ProblemAsync(503, ErrorCodes.Unavailable, "Away.");
                return;
            }

            int line = 0;
            foreach (string json in request.Lines)
            {
                line++;
                BulkItem item = System.Text.Json.JsonSerializer.Deserialize(json, PlatformJson.Default.BulkItem)!;
                if (Chance(0.1))
                {
                    await context.LineAsync(
                        Answers.Failed(ErrorCodes.Unavailable, retryable: true) with { Line = line, Id = item.Id });
                    continue;
                }

                List<(string Key, string Text)> operations = _applied.GetOrAdd(item.Id, _ => []);
                lock (operations)
                {
                    if (!operations.Exists(
                        operation => string.Equals(operation.Key, request.IdempotencyKey, StringComparison.Ordinal)))
                    {
                        operations.Add((request.IdempotencyKey!, item.Text!));
                    }
                }

                if (Chance(0.05))
                {
                    context.Abort();
                    return;
                }

                await context.LineAsync(new BulkResult { Line = line, Id = item.Id, Status = "created" });
            }

            await context.SummaryAsync();
        }

        private bool Chance(double probability)
        {
            lock (_random)
            {
                return _random.NextDouble() < probability;
            }
        }
    }
}
