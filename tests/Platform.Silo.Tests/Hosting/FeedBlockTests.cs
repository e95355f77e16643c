using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Indexing.Storage;
using Platform.Silo.Hosting;
using Platform.Silo.Tests.Grains;

namespace Platform.Silo.Tests.Hosting;

/// <summary>When documents may be added.</summary>
public sealed class FeedBlockTests : IDisposable
{
    private const long Gigabyte = 1L << 30;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("platform-room-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public void A_gate_closes_below_its_limit_and_opens_only_when_clearly_more_is_free()
    {
        var gate = new RoomGate("the disk", "Free space.", new StorageOptions());
        bool[] closed = [.. new long[] { 51, 50, 49, 60, 79, 80, 50, 49 }.Select(free =>
        {
            gate.Update(1000, free);
            return gate.Reason is not null;
        })];
        Assert.Equal([false, false, true, true, true, false, false, true], closed);
        Assert.Equal(
            "Documents can't be added: the disk has 49 of 1000 bytes free, and writes stop below 50 until 80 are free. Deletes and reads go on. Free space.",
            gate.Reason);
    }

    [Fact]
    public void A_large_disk_need_not_keep_its_whole_share_free()
    {
        var gate = new RoomGate("the disk", "", new StorageOptions());
        gate.Update(10_000 * Gigabyte, 9 * Gigabyte);
        Assert.Null(gate.Reason);
        gate.Update(10_000 * Gigabyte, 7 * Gigabyte);
        Assert.NotNull(gate.Reason);
    }

    [Fact]
    public void Shares_of_nothing_never_close()
    {
        var gate = new RoomGate("the disk", "", new StorageOptions { BlockBelowFreeShare = 0 });
        gate.Update(1000, 0);
        Assert.Null(gate.Reason);
    }

    [Fact]
    public async Task The_disk_is_looked_at_again_after_a_second_and_a_quota_after_half_a_minute()
    {
        var clock = new SteppedTime();
        var control = new StoreControl { Room = new StoreRoom(1000, 500) };
        IBlobStore store = control.Around(new FileBlobStore(_data.FullName, TimeProvider.System));
        await store.PutAsync("shards/a", new byte[960], null, default);
        var block = new FeedBlock(store, Options.Create(new StorageOptions { QuotaBytes = 1000 }), clock, NullLogger<FeedBlock>.Instance);

        string quota = await ReasonAsync(block, reason => reason is not null);
        Assert.Contains("Storage:QuotaBytes has 40 of 1000 bytes free", quota, StringComparison.Ordinal);
        control.Room = new StoreRoom(1000, 10);
        Assert.Equal(quota, await block.ReasonAsync());
        clock.Step(TimeSpan.FromSeconds(1));
        Assert.Contains("the store's disk has 10", await block.ReasonAsync(), StringComparison.Ordinal);

        control.Room = new StoreRoom(1000, 500);
        await store.DeleteAsync("shards/a", default);
        clock.Step(TimeSpan.FromSeconds(30));
        await ReasonAsync(block, reason => reason is null);
    }

    /// <summary>Asks until the measurement beside the writes has come to something else.</summary>
    private static async Task<string> ReasonAsync(FeedBlock block, Func<string?, bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            string? reason = await block.ReasonAsync();
            if (holds(reason))
            {
                return reason ?? "";
            }

            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Step(TimeSpan by) => _now += by.Ticks;
    }
}
