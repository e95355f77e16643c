using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Indexing.Storage;
using Platform.Silo.Snapshots;

namespace Platform.Silo.Hosting;

/// <summary>Says whether documents may be added: not while the store's disk or quota is nearly full.</summary>
/// <remarks>
/// What is kept free lets deletes be logged, segments be merged and shards be opened while nothing is added. The disk is looked
/// at once a second at most, when somebody asks; the bytes under a quota are counted beside the writes, twice a minute.
/// </remarks>
public sealed partial class FeedBlock
{
    private const string Shards = "shards/";
    private static readonly TimeSpan RoomLifetime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UsageLifetime = TimeSpan.FromSeconds(30);

    private readonly IBlobStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<FeedBlock> _logger;
    private readonly long _quota;
    private readonly RoomGate _room;
    private readonly RoomGate _usage;
    private readonly Lock _lock = new();
    private long _roomAt;
    private long _usageAt;
    private Task _measuringRoom = Task.CompletedTask;
    private Task _measuringUsage = Task.CompletedTask;
    private bool _told;

    /// <summary>Measures nothing yet.</summary>
    public FeedBlock(IBlobStore store, IOptions<StorageOptions> options, TimeProvider time, ILogger<FeedBlock> logger)
    {
        (_store, _time, _logger, _quota) = (store, time, logger, options.Value.QuotaBytes);
        _room = new RoomGate("the store's disk", "Free space on it, delete indexes, or use a larger one.", options.Value);
        _usage = new RoomGate("the quota Storage:QuotaBytes", "Delete documents or indexes, or raise it.", options.Value);
    }

    /// <summary>Why documents can't be added: what, the value, the limit, the remedy; null if they can.</summary>
    public async Task<string?> ReasonAsync()
    {
        Task room;
        lock (_lock)
        {
            room = _measuringRoom = AgainAsync(_measuringRoom, ref _roomAt, RoomLifetime, MeasureRoomAsync);
            if (_quota > 0)
            {
                _measuringUsage = AgainAsync(_measuringUsage, ref _usageAt, UsageLifetime, MeasureUsageAsync);
            }
        }

        await room;                                          // a look at a disk; the count under a quota is not waited for
        string? reason = _room.Reason ?? _usage.Reason;
        Tell(reason);
        return reason;
    }

    private Task AgainAsync(Task measuring, ref long at, TimeSpan lifetime, Func<Task> measure)
    {
        if (!measuring.IsCompleted || (at != 0 && _time.GetElapsedTime(at) < lifetime))
        {
            return measuring;
        }

        at = _time.GetTimestamp();
        return measure();
    }

    private async Task MeasureRoomAsync()
    {
        try
        {
            if (await _store.MeasureRoomAsync(CancellationToken.None) is { } room)
            {
                _room.Update(room.TotalBytes, room.FreeBytes);
            }
        }
        catch (IOException e)
        {
            LogUnmeasured(e.Message);                        // the gate stays as it was; the write itself will tell
        }
    }

    private async Task MeasureUsageAsync()
    {
        try
        {
            long used = await BytesOfAsync(Shards) + await BytesOfAsync(SnapshotRepository.Folder);
            _usage.Update(_quota, Math.Max(0, _quota - used));
        }
        catch (IOException e)
        {
            LogUnmeasured(e.Message);
        }
    }

    private void Tell(string? reason)
    {
        if (_told == reason is not null)
        {
            return;
        }

        _told = reason is not null;
        if (reason is null)
        {
            LogResumed();
        }
        else
        {
            LogBlocked(reason);
        }
    }

    private async Task<long> BytesOfAsync(string prefix) => (await _store.ListAsync(prefix, CancellationToken.None)).Sum(blob => blob.Length);

    [LoggerMessage(LogLevel.Error, "{Reason}")]
    private partial void LogBlocked(string reason);

    [LoggerMessage(LogLevel.Warning, "Documents are added again: there is room.")]
    private partial void LogResumed();

    [LoggerMessage(LogLevel.Warning, "The store's room could not be measured: {Reason}")]
    private partial void LogUnmeasured(string reason);
}
