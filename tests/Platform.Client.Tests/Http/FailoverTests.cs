using Platform.Client.Contracts;
using Platform.Client.Tests.Fakes;

namespace Platform.Client.Tests.Http;

public sealed class FailoverTests
{
    [Fact]
    public async Task A_call_goes_to_the_next_endpoint_where_one_is_dead_and_stays_there()
    {
        var time = new EagerTime();
        await using FakeGateway alive = await FakeGateway.StartAsync((context, _) => context.JsonAsync(Answers.Index));
        using var client = new PlatformClient(
            new PlatformClientOptions { Endpoints = [await FakeGateway.UnreachableAsync(), alive.Url], ApiKey = "k", RequestTimeout = Timeout.InfiniteTimeSpan },
            time: time);

        await client.GetIndexAsync("articles");
        await client.CreateIndexAsync(new IndexSpec { Name = "articles" });

        Assert.Equal(2, alive.Received.Count);
        Assert.Empty(time.Waits);
    }

    [Fact]
    public async Task A_read_goes_to_the_next_endpoint_where_one_is_unavailable()
    {
        var time = new EagerTime();
        await using FakeGateway draining = await FakeGateway.StartAsync(
            (context, _) => context.ProblemAsync(503, ErrorCodes.Unavailable, "Draining.", "60"));
        await using FakeGateway ready = await FakeGateway.StartAsync((context, _) => context.JsonAsync(Answers.Index));
        using var client = new PlatformClient(draining.Options(ready.Url), time: time);

        await client.GetIndexAsync("articles");
        await client.GetIndexAsync("articles");

        Assert.Single(draining.Received);
        Assert.Equal(2, ready.Received.Count);
        Assert.Empty(time.Waits);
    }

    [Fact]
    public async Task A_creation_that_may_have_been_carried_out_goes_nowhere_else()
    {
        await using FakeGateway draining = await FakeGateway.StartAsync(
            (context, _) => context.ProblemAsync(503, ErrorCodes.Unavailable, "Draining."));
        await using FakeGateway ready = await FakeGateway.StartAsync((context, _) => context.JsonAsync(Answers.Index));
        using var client = new PlatformClient(draining.Options(ready.Url), time: new EagerTime());

        await Assert.ThrowsAsync<PlatformClientException>(
            () => client.CreateIndexAsync(new IndexSpec { Name = "articles" }));

        Assert.Empty(ready.Received);
    }

    [Fact]
    public async Task With_every_endpoint_dead_the_error_names_the_last_and_the_remedy()
    {
        Uri dead = await FakeGateway.UnreachableAsync();
        using var client = new PlatformClient(
            new PlatformClientOptions { Endpoints = [dead], ApiKey = "k", RequestTimeout = Timeout.InfiniteTimeSpan }, time: new EagerTime());

        PlatformClientException fault = await Assert.ThrowsAsync<PlatformClientException>(
            () => client.ListIndexesAsync());

        Assert.Equal(ClientErrorCodes.Unreachable, fault.Code);
        Assert.Contains(dead.Authority, fault.Message, StringComparison.Ordinal);
        Assert.Contains("platform serve", fault.Message, StringComparison.Ordinal);
    }
}
