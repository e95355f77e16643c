using System.Net;
using System.Net.Http.Json;
using Platform.Client.Contracts;
using Platform.Gateway.Tests.Fakes;

namespace Platform.Gateway.Tests.Http;

public sealed class SnapshotTests
{
    private const string Path = "/v1/indexes/books/snapshots";

    [Fact]
    public async Task A_snapshot_is_an_operation_with_its_progress_then_listed_restored_and_deleted()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.Client.CreateIndexAsync("books");
        HttpResponseMessage begun = await host.Client.PostAsync(Path, ApiCalls.Json("""{"name":"monday"}"""));
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        OperationDescription? operation = await host.Client.GetFromJsonAsync(begun.Headers.Location, PlatformJson.Default.OperationDescription);
        Assert.Equal(("snapshot", "monday", 2, 2, 300), (operation!.Kind, operation.Snapshot, operation.Files, operation.TotalFiles, operation.Bytes));
        Assert.Equal(HttpStatusCode.Accepted, (await host.Client.DeleteAsync(begun.Headers.Location)).StatusCode);
        SnapshotList? list = await host.Client.GetFromJsonAsync(Path, PlatformJson.Default.SnapshotList);
        Assert.Equal(("monday", 300, 100), (Assert.Single(list!.Snapshots).Name, list.Snapshots[0].Bytes, list.Snapshots[0].AddedBytes));

        HttpResponseMessage restoring = await host.Client.PostAsync(Path + "/monday/restore", ApiCalls.Json("""{"index":"books-monday","shards":4}"""));
        OperationDescription? restore = await restoring.Content.ReadFromJsonAsync(PlatformJson.Default.OperationDescription);
        Assert.Equal(("restore", "monday", "books-monday"), (restore!.Kind, restore.Snapshot, restore.Target));
        Assert.Equal(2, (await host.Client.GetFromJsonAsync("/v1/indexes/books/operations", PlatformJson.Default.OperationList))!.Operations.Count);
        Assert.Equal(HttpStatusCode.NoContent, (await host.Client.DeleteAsync(Path + "/monday")).StatusCode);
    }

    [Fact]
    public async Task What_can_not_be_done_is_refused_with_its_own_code()
    {
        await using GatewayHost host = await GatewayHost.StartAsync();
        await host.Client.CreateIndexAsync("books");
        await host.Client.PostAsync(Path, ApiCalls.Json("""{"name":"damaged"}"""));
        await (await host.Client.PostAsync(Path, ApiCalls.Json("""{"name":"damaged"}"""))).ProblemAsync(HttpStatusCode.Conflict, ErrorCodes.SnapshotExists);
        await (await host.Client.PostAsync(Path, ApiCalls.Json("""{"name":"../x"}"""))).ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        await (await host.Client.PostAsync(Path + "/damaged/restore", ApiCalls.Json("""{"index":"b"}"""))).ProblemAsync(HttpStatusCode.UnprocessableEntity, ErrorCodes.SnapshotDamaged);
        await (await host.Client.PostAsync(Path + "/none/restore", ApiCalls.Json("""{"index":"b"}"""))).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.SnapshotNotFound);
        await (await host.Client.DeleteAsync(Path + "/none")).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.SnapshotNotFound);
        Assert.Equal("its checksum differs", Assert.Single((await host.Client.GetFromJsonAsync(Path, PlatformJson.Default.SnapshotList))!.Snapshots).Damage);
    }
}
