using System.Text;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Storage;

namespace Platform.Silo.Tests.Grains;

/// <summary>An index whose store is nearly full.</summary>
public sealed class NoRoomTests : IAsyncLifetime
{
    private readonly StoreControl _control = new();
    private readonly RunningSilo _silo;

    public NoRoomTests() => _silo = new RunningSilo(_control.Around);

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task Documents_are_refused_with_the_reason_while_deletes_and_reads_go_on_and_are_taken_again_later()
    {
        await _silo.CreateAsync("full", 2);
        Assert.All(await _silo.IngestAsync("full", "cat", "cat", "cat"), outcome => Assert.Equal(ItemStatus.Created, outcome.Status));

        _control.Room = new StoreRoom(1_000_000, 1_000);
        ItemOutcome refused = await UntilAsync(ItemStatus.NoRoom);
        Assert.Contains("1000 of 1000000 bytes free", refused.Detail, StringComparison.Ordinal);
        ItemOutcome[] mixed = await ApplyAsync(Item("0", delete: true), Item("9", delete: false), Item("1", delete: true));
        Assert.Equal([ItemStatus.Deleted, ItemStatus.NoRoom, ItemStatus.Deleted], mixed.Select(outcome => outcome.Status));
        string[] found = [.. (await _silo.SearchAsync("full", "cat", top: 10_000)).Hits.Select(hit => hit.DocumentKey)];
        Assert.Contains("2", found);
        Assert.DoesNotContain("0", found);
        Assert.DoesNotContain("9", found);
        PlatformException noIndex = await Assert.ThrowsAsync<PlatformException>(() => _silo.CreateAsync("another", 1));
        Assert.Equal(FaultKind.StorageFull, noIndex.Kind);

        _control.Room = new StoreRoom(1_000_000, 900_000);
        await UntilAsync(ItemStatus.Created);
    }

    private static IngestItem Item(string key, bool delete) => new()
    {
        DocumentKey = key,
        OperationId = Guid.NewGuid(),
        Delete = delete,
        Text = delete ? null : "cat",
        Stored = delete ? default : Encoding.UTF8.GetBytes("{}"),
    };

    private async Task<ItemOutcome[]> ApplyAsync(params IngestItem[] items)
    {
        CallContext.ActFor("acme");
        return (await _silo.Grains.GetGrain<IIngestGrain>("acme/full").ApplyAsync(new IngestBatch { Items = items }, default)).Outcomes;
    }

    /// <summary>Writes until the silo has looked at its disk again.</summary>
    private async Task<ItemOutcome> UntilAsync(ItemStatus status)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            ItemOutcome outcome = Assert.Single(await ApplyAsync(Item($"{Guid.NewGuid()}", delete: false)));
            if (outcome.Status == status)
            {
                return outcome;
            }

            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
