using System.Net;
using System.Net.Http.Json;
using Platform.Client.Contracts;
using Platform.Gateway.Tests.Fakes;

namespace Platform.Gateway.Tests.Http;

public sealed class OperationTests
{
    private const string Path = "/v1/indexes/books/operations";

    [Fact]
    public async Task A_split_is_accepted_with_the_place_that_tells_how_it_stands()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.Client.CreateIndexAsync("books");
        HttpResponseMessage begun = await host.Client.PostAsync(Path, ApiCalls.Json("""{"kind":"split","into":2}"""));
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        OperationDescription? operation = await host.Client.GetFromJsonAsync(begun.Headers.Location, PlatformJson.Default.OperationDescription);
        Assert.Equal(("split", "running", "sealing"), (operation!.Kind, operation.State, operation.Step));
        Assert.Equal([1, 2], operation.Changes[0].Targets);
        Assert.Equal(HttpStatusCode.Accepted, (await host.Client.DeleteAsync(begun.Headers.Location)).StatusCode);
        OperationList? list = await host.Client.GetFromJsonAsync(Path, PlatformJson.Default.OperationList);
        Assert.Equal(operation.Id, Assert.Single(list!.Operations).Id);
    }

    [Fact]
    public async Task A_rebalance_moves_unless_it_is_only_to_say_what_would_move()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.Client.CreateIndexAsync("books");
        HttpResponseMessage planned = await host.Client.PostAsync(Path, ApiCalls.Json("""{"kind":"rebalance","dryRun":true}"""));
        Assert.Equal(HttpStatusCode.OK, planned.StatusCode);
        OperationDescription? plan = await planned.Content.ReadFromJsonAsync(PlatformJson.Default.OperationDescription);
        Assert.Equal(("", "planned", "127.0.0.1:2"), (plan!.Id, plan.State, plan.Changes[0].Silo));
        Assert.Empty((await host.Client.GetFromJsonAsync(Path, PlatformJson.Default.OperationList))!.Operations);
        Assert.Equal(HttpStatusCode.Accepted, (await host.Client.PostAsync(Path, ApiCalls.Json("""{"kind":"rebalance"}"""))).StatusCode);
    }

    [Theory]
    [InlineData("""{"kind":"grow"}""", HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)]
    [InlineData("""{}""", HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)]
    [InlineData("""{"kind":"split"}""", HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)]
    [InlineData("""{"kind":"split","into":2,"shards":[1,2]}""", HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)]
    [InlineData("""{"kind":"merge","into":1,"shards":[1]}""", HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)]
    [InlineData("""{"kind":"move","shards":[1]}""", HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)]
    [InlineData("""{"kind":"split","into":2,"dryRun":true}""", HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)]
    [InlineData("""{"kind":"merge","into":1}""", HttpStatusCode.Conflict, ErrorCodes.Conflict)]
    public async Task What_can_not_be_done_is_refused(string body, HttpStatusCode status, string code)
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.Client.CreateIndexAsync("books");
        await (await host.Client.PostAsync(Path, ApiCalls.Json(body))).ProblemAsync(status, code);
    }

    [Fact]
    public async Task An_operation_or_index_that_is_not_there_is_not_found()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.Client.CreateIndexAsync("books");
        await (await host.Client.GetAsync(Path + "/split-1")).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.NotFound);
        await (await host.Client.DeleteAsync(Path + "/split-1")).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.NotFound);
        await (await host.Client.GetAsync("/v1/indexes/none/operations")).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.IndexNotFound);
    }

    [Fact]
    public async Task Shards_that_do_not_answer_are_listed_as_missing()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.Client.CreateIndexAsync("books");
        ShardList? shards = await host.Client.GetFromJsonAsync("/v1/indexes/books/shards", PlatformJson.Default.ShardList);
        Assert.Equal("missing", shards!.Shards[0].State);
        Assert.Equal((0, "it sleeps"), (shards.Coverage.Failed[0].Ordinal, shards.Coverage.Failed[0].Reason));
    }
}
