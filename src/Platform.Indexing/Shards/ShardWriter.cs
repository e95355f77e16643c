using System.Threading.Channels;
using Platform.Indexing.Dense;

namespace Platform.Indexing.Shards;

/// <summary>Group commit: batches that wait are appended together, flushed once, then acknowledged if the epoch still holds.</summary>
internal sealed class ShardWriter : IAsyncDisposable
{
    /// <summary>The most bytes one append carries: a few ms of disk, so that a write seldom waits long for the one before.</summary>
    private const int MaxCommitBytes = 4 << 20;

    /// <summary>The most bytes of log that a seal waits for: a log is replayed from one array, so it must stay well below 2 GiB.</summary>
    private const long MaxUnsealedBytes = 768 << 20;

    private readonly Channel<PendingWrite> _queue = Channel.CreateUnbounded<PendingWrite>();
    private readonly CancellationTokenSource _closing = new();
    private CancellationTokenSource _retiring = new();       // merges stop when the shard closes, and when it retires
    private readonly TaskCompletionSource<Exception> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ShardState _state;
    private readonly ShardFiles _files;
    private readonly ShardMaintenance _maintenance;
    private readonly ShardOptions _options;
    private readonly LogTail _log;
    private readonly Task _loop;
    private Task _sealing = Task.CompletedTask;
    private long _queuedBytes;
    private volatile string? _retiredBy;

    /// <summary>Starts the loop.</summary>
    public ShardWriter(ShardState state, ShardFiles files, ShardMaintenance maintenance, ShardOptions options)
    {
        _state = state;
        _files = files;
        _maintenance = maintenance;
        _options = options;
        _log = new LogTail(files);
        UnsealedBytes = files.Manifest.ClosedLogs.Values.Sum();
        _retiredBy = files.Manifest.RetiredBy;
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Completes, with the reason, when the shard can go on no longer and must be opened again.</summary>
    public Task<Exception> Fault => _fault.Task;

    /// <summary>Bytes of log that are in no segment yet.</summary>
    public long UnsealedBytes { get; private set; }

    /// <summary>Queues a valid batch; the task ends when it is durable and applied, or failed with an unknown outcome.</summary>
    /// <remarks>A batch whose vectors do not go with those before it fails with a <see cref="DenseVectorException"/>, and nothing of it was applied.</remarks>
    /// <param name="batch">The bytes.</param>
    /// <param name="operations">How many it has.</param>
    /// <param name="vectors">What its vectors have in common; null if it has none.</param>
    /// <exception cref="ShardBusyException">Too much waits already; the batch was not taken.</exception>
    /// <exception cref="ObjectDisposedException">The shard is closing; the batch was not taken.</exception>
    /// <exception cref="WrongShardException">The shard is retired; the batch was not taken.</exception>
    public Task<WriteOutcome[]> WriteAsync(ReadOnlyMemory<byte> batch, int operations, VectorLayout? vectors)
    {
        if (_retiredBy is { } by)
        {
            throw WrongShardException.Retired(by);
        }

        if (Interlocked.Add(ref _queuedBytes, batch.Length) > _options.MaxQueuedBytes)
        {
            Interlocked.Add(ref _queuedBytes, -batch.Length);
            throw new ShardBusyException(_options.MaxQueuedBytes);
        }

        var write = new PendingWrite(batch, operations, vectors);
        if (!_queue.Writer.TryWrite(write))
        {
            Interlocked.Add(ref _queuedBytes, -batch.Length);
            return RefuseAsync();
        }

        return write.Done.Task;
    }

    /// <summary>Writes a batch that is made of what the shard holds in this place of the queue: no write comes between.</summary>
    /// <returns>How many operations it had, once they are durable.</returns>
    /// <exception cref="SegmentFormatException">A part that making it needs is damaged; nothing was applied, and the shard goes on.</exception>
    public async Task<int> WriteOfStateAsync(Func<ShardState, ShardBatch> make)
    {
        if (_retiredBy is { } by)
        {
            throw WrongShardException.Retired(by);
        }

        var write = new PendingWrite(default, 0, null);
        await AfterQueuedAsync(async () =>
        {
            try
            {
                ShardBatch batch = _state.Read(make);
                write = write with { Batch = batch.ToArray(), Operations = batch.Count };
            }
            catch (SegmentFormatException e)
            {
                write.Done.SetException(e);                  // the fault of this one, and not of those behind it
                return Task.CompletedTask;
            }

            await (write.Operations == 0 ? Task.CompletedTask : CommitAsync([write]));
            return Task.CompletedTask;
        });
        return write.Operations == 0 && !write.Done.Task.IsFaulted ? 0 : (await write.Done.Task).Length;
    }

    /// <summary>The operation that the shard is retired by; null while it takes writes.</summary>
    public string? RetiredBy => _retiredBy;

    /// <summary>Seals everything that was acknowledged before, beside the writes that follow.</summary>
    public Task SealAsync() => AfterQueuedAsync(async () =>
    {
        if (HasUnsealed)
        {
            await FreezeAsync();
        }

        return _sealing;
    });

    /// <summary>Seals what was acknowledged before, holds the writes that follow until told, and pins the files that the shard consists of at that moment.</summary>
    /// <param name="hold">Called when writes are held; they go on when its task ends.</param>
    /// <returns>The manifest of that moment; <see cref="ShardMaintenance.UnpinAsync"/> lets its files go.</returns>
    public async Task<ShardManifest> CutAsync(Func<Task> hold)
    {
        var cut = new TaskCompletionSource<ShardManifest>(TaskCreationOptions.RunContinuationsAsynchronously);
        await AfterQueuedAsync(async () =>
        {
            await _sealing;
            if (HasUnsealed)
            {
                await FreezeAsync(cut);
            }
            else
            {
                cut.SetResult(_maintenance.Pin());
            }

            await hold();
            return cut.Task;
        });
        return await cut.Task;
    }

    /// <summary>Deletes what only a cut needed.</summary>
    public Task UnpinAsync(ShardManifest cut) => _maintenance.UnpinAsync(cut, CancellationToken.None);

    /// <summary>Rewrites the borrowed segments, beside the writes.</summary>
    public Task CompactAsync() => AfterQueuedAsync(() =>
    {
        Task before = _sealing;
        _sealing = Task.Run(
            async () =>
            {
                await before;
                await MergeAsync();
            },
            CancellationToken.None);
        return Task.FromResult(_sealing);
    });

    /// <summary>Takes no more writes, seals all that it has, and notes that in the manifest. Those that wait behind are refused.</summary>
    /// <remarks>When it returns the shard's files stay as they are until they are destroyed or the shard is revived.</remarks>
    public async Task RetireAsync(string by)
    {
        await _retiring.CancelAsync();                       // a running merge would keep the writers waiting
        await AfterQueuedAsync(async () =>
        {
            _retiredBy = by;
            await _sealing;
            if (HasUnsealed)
            {
                await FreezeAsync();
            }

            await _sealing;
            if (!_fault.Task.IsCompleted)
            {
                await _maintenance.RetireAsync(by, CancellationToken.None);
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>Takes writes again.</summary>
    public Task ReviveAsync() => AfterQueuedAsync(async () =>
    {
        await _maintenance.RetireAsync(by: null, CancellationToken.None);
        _retiring = new CancellationTokenSource();
        _retiredBy = null;
        return Task.CompletedTask;
    });

    /// <summary>Finishes the queued writes and a running seal, then stops. Safe to repeat.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        await _closing.CancelAsync();                        // never disposed: it has no timer and no handle
        await _sealing;
    }

    private async Task RunAsync()
    {
        List<PendingWrite> group = [];
        try
        {
            await FreezeIfFullAsync();
            while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
            {
                int bytes = 0;
                PendingWrite? write = null;
                while (bytes < MaxCommitBytes && _queue.Reader.TryRead(out write) && write.Command is null)
                {
                    group.Add(write);
                    bytes += write.Batch.Length;
                    write = null;
                }

                if (group.Count > 0)
                {
                    await CommitAsync(group);
                    group.Clear();
                    Interlocked.Add(ref _queuedBytes, -bytes);
                }

                if (write?.Command is { } command)
                {
                    group.Add(write);                        // a fault reaches who waits for it
                    write.Begun = await command();
                    write.Done.SetResult([]);
                    group.Clear();
                }

                await FreezeIfFullAsync();
            }
        }
#pragma warning disable CA1031 // whatever it is, nothing may be acknowledged any more: it goes to every waiting caller and to the owner
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e, group);
        }
    }

    private async Task CommitAsync(List<PendingWrite> group)
    {
        if (_retiredBy is { } by)
        {
            group.ForEach(write => write.Done.SetException(WrongShardException.Retired(by)));
            return;
        }

        PendingWrite.RefuseOtherVectors(group, () => _state.Read(state => state.VectorLayout));
        if (group.Count == 0)
        {
            return;
        }

        if (_log.IsFull)
        {
            _log.Begin();                                    // it stays as it is until the next seal
        }

        UnsealedBytes += await _log.AppendAsync(group);
        await _files.CheckEpochAsync(CancellationToken.None);
        foreach (PendingWrite write in group)
        {
            write.Done.SetResult(_state.Change(state => state.Apply(write.Batch.Span, write.Operations)));
        }
    }

    /// <summary>Puts a full memory segment aside and seals it beside the writes; waits only if the one before is not sealed yet.</summary>
    private async Task FreezeIfFullAsync()
    {
        double fullness = Fullness();
        if (fullness < 1 || (fullness < 2 && !_sealing.IsCompleted))
        {
            return;
        }

        await FreezeAsync();
    }

    private bool HasUnsealed => UnsealedBytes > 0 || _state.Memory.DocumentCount > 0;

    private async Task FreezeAsync(TaskCompletionSource<ShardManifest>? cut = null)
    {
        await _sealing;
        if (_fault.Task.IsCompleted)
        {
            throw await _fault.Task;
        }

        byte[] operations = _state.Operations.ToBytes();
        MemorySegment frozen = _state.Change(state => state.Freeze());
        string firstLog = _log.Begin();
        UnsealedBytes = 0;
        _sealing = Task.Run(() => SealAsync(frozen, operations, firstLog, cut), CancellationToken.None);
    }

    /// <summary>How full memory is, or the log: deletes and repeated operations fill only the log, which would grow without end.</summary>
    private double Fullness()
    {
        double memory = _state.Memory.Bytes / (double)_options.SealAtBytes;
        return Math.Max(memory, UnsealedBytes / (double)Math.Min(4 * _options.SealAtBytes, MaxUnsealedBytes));
    }

    private async Task SealAsync(MemorySegment frozen, byte[] operations, string firstLog, TaskCompletionSource<ShardManifest>? cut)
    {
        try
        {
            await _maintenance.SealAsync(frozen, operations, firstLog, CancellationToken.None);
            cut?.SetResult(_maintenance.Pin());              // before any merge
        }
#pragma warning disable CA1031 // a shard that can't seal would grow without bound: it stops and is opened again
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e, []);
            cut?.TrySetException(e);
            return;
        }

        await MergeAsync();
    }

    private async Task MergeAsync()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, _retiring.Token);
        try
        {
            await _maintenance.MergeAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // an unfinished merge leaves only files that the next owner deletes
        }
#pragma warning disable CA1031 // a shard that can't merge would hold more and more files: it stops and is opened again
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e, []);
        }
    }

    /// <summary>Runs a command in the place of a write, then waits for the work that it began beside the writes.</summary>
    private async Task AfterQueuedAsync(Func<Task<Task>> command)
    {
        var place = new PendingWrite(default, 0, null) { Command = command };
        await (_queue.Writer.TryWrite(place) ? place.Done.Task : RefuseAsync());
        await place.Begun;
        if (_fault.Task.IsCompleted)
        {
            throw await _fault.Task;                         // the work tells its fault there
        }
    }

    private async Task<WriteOutcome[]> RefuseAsync() => throw (_fault.Task.IsCompleted
        ? await _fault.Task                                  // the reason, so that a late caller of a fenced shard looks for the new owner
        : new ObjectDisposedException(nameof(Shard), "The shard is closing; send the batch again."));

    private void Fail(Exception fault, List<PendingWrite> group)
    {
        _fault.TrySetResult(fault);
        _queue.Writer.TryComplete();
        foreach (PendingWrite write in group)
        {
            write.Done.TrySetException(fault);
        }

        while (_queue.Reader.TryRead(out PendingWrite? write))
        {
            write.Done.TrySetException(fault);
        }
    }
}
