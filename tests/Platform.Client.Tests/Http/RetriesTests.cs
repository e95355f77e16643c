using Platform.Client.Contracts;
using Platform.Client.Tests.Fakes;

namespace Platform.Client.Tests.Http;

public sealed class RetriesTests
{
    [Fact]
    public async Task A_read_is_repeated_until_the_service_is_back()
    {
        var time = new EagerTime();
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => request.Number < 4
            ? context.ProblemAsync(503, ErrorCodes.Unavailable, "Starting.")
            : context.JsonAsync(Answers.Index));
        using var client = new PlatformClient(gateway.Options(), time: time);

        Assert.NotNull(await client.GetIndexAsync("articles"));

        Assert.Equal(4, gateway.Received.Count);
        Assert.Equal(3, time.Waits.Count);
    }

    [Fact]
    public async Task The_service_sets_the_wait_by_Retry_After()
    {
        var time = new EagerTime();
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) => request.Number switch
        {
            1 => context.ProblemAsync(429, ErrorCodes.Busy, "Full.", retryAfter: "7"),
            2 => context.ProblemAsync(
                429, ErrorCodes.Busy, "Full.", retryAfter: (time.GetUtcNow() + TimeSpan.FromSeconds(30)).ToString("R")),
            _ => context.JsonAsync(Answers.Index),
        });
        using var client = new PlatformClient(gateway.Options(), time: time);

        await client.GetIndexAsync("articles");

        Assert.Equal([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(30)], time.Waits);
    }

    [Fact]
    public async Task A_Retry_After_beyond_the_limit_is_reported_instead_of_waited_for()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, _) =>
            context.ProblemAsync(503, ErrorCodes.Unavailable, "Maintenance.", retryAfter: "3600"));
        using var client = new PlatformClient(gateway.Options(), time: new EagerTime());

        PlatformClientException fault = await Assert.ThrowsAsync<PlatformClientException>(
            () => client.GetIndexAsync("articles"));

        Assert.Equal(TimeSpan.FromHours(1), fault.RetryAfter);
        Assert.Single(gateway.Received);
    }

    [Fact]
    public async Task Retries_end_at_their_limit_with_the_last_fault()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, request) =>
            context.ProblemAsync(503, ErrorCodes.Unavailable, $"Fault {request.Number}."));
        using var client = new PlatformClient(gateway.Options(), time: new EagerTime());

        PlatformClientException fault = await Assert.ThrowsAsync<PlatformClientException>(
            () => client.GetIndexAsync("articles"));

        Assert.Equal("Fault 5.", fault.Message);
    }

    [Fact]
    public async Task An_answer_cut_off_in_the_middle_is_asked_for_again()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync(async (context, request) =>
        {
            if (request.Number == 1)
            {
                await context.JsonAsync(Answers.Index[..20]);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                context.Abort();
                return;
            }

            await context.JsonAsync(Answers.Index);
        });
        using var client = new PlatformClient(gateway.Options(), time: new EagerTime());

        Assert.Equal("articles", (await client.GetIndexAsync("articles"))?.Name);
    }

    [Fact]
    public async Task A_creation_is_not_repeated_when_its_answer_is_lost()
    {
        await using FakeGateway gateway = await FakeGateway.StartAsync((context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var client = new PlatformClient(gateway.Options(), time: new EagerTime());

        PlatformClientException fault = await Assert.ThrowsAsync<PlatformClientException>(
            () => client.CreateIndexAsync(new IndexSpec { Name = "articles" }));

        Assert.Equal(ClientErrorCodes.ConnectionLost, fault.Code);
        Assert.Single(gateway.Received);
    }

    [Fact]
    public async Task A_call_without_an_answer_ends_at_its_timeout()
    {
        var time = new ManualTime();
        var asked = new TaskCompletionSource();
        await using FakeGateway gateway = await FakeGateway.StartAsync(async (context, _) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var client = new PlatformClient(
            new PlatformClientOptions { Endpoints = [gateway.Url], ApiKey = "k", MaxRetries = 0 }, time: time);

        Task<PlatformClientException> ends = Assert.ThrowsAsync<PlatformClientException>(
            () => client.GetIndexAsync("articles"));
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(100));

        Assert.Equal(ClientErrorCodes.Timeout, (await ends).Code);
    }

    [Fact]
    public async Task A_cancelled_call_throws_only_a_cancellation()
    {
        var asked = new TaskCompletionSource();
        await using FakeGateway gateway = await FakeGateway.StartAsync(async (context, _) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var client = new PlatformClient(gateway.Options());
        using var cancelled = new CancellationTokenSource();

        Task ends = Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.GetIndexAsync("articles", cancelled.Token));
        await asked.Task;
        await cancelled.CancelAsync();

        await ends;
    }
}
