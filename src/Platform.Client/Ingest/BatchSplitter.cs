using System.Runtime.CompilerServices;
using Platform.Client.Contracts;

namespace Platform.Client.Ingest;

/// <summary>Cuts a stream of items into batches; reads the source only while a batch is asked for.</summary>
internal sealed class BatchSplitter(IngestOptions options, TimeProvider time)
{
    private long _read;

    /// <summary>Items taken from the source so far.</summary>
    public long Read => Volatile.Read(ref _read);

    /// <summary>The batches, in the order of the source. A fault of the source comes after the batch of what was read before it.</summary>
    public async IAsyncEnumerable<BulkBatch> SplitAsync(
        IAsyncEnumerable<BulkItem> source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerator<BulkItem> items = source.GetAsyncEnumerator(cancellationToken);
        Task<bool> next = items.MoveNextAsync().AsTask();
        try
        {
            var batch = NewBatch();
            while (true)
            {
                if (batch.Count > 0 && !next.IsCompleted)
                {
                    using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    await Task.WhenAny(next, WaitedAsync(batch, enough.Token));
                    await enough.CancelAsync();
                    if (!next.IsCompleted)
                    {
                        yield return batch;
                        batch = NewBatch();
                    }
                }

                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!next.IsCompletedSuccessfully || !await next)
                {
                    break;
                }

                long position = Interlocked.Increment(ref _read);
                BulkItem item = items.Current;
                if (!batch.TryAdd(position, item))
                {
                    yield return batch;
                    batch = NewBatch();
                    batch.TryAdd(position, item);
                }

                if (batch.IsFull)
                {
                    yield return batch;
                    batch = NewBatch();
                }

                next = items.MoveNextAsync().AsTask();
            }

            if (batch.Count > 0)
            {
                yield return batch;
            }

            await next;   // throws what the source threw
        }
        finally
        {
            // An enumerator may not be disposed while it moves. Its fault, if any, was thrown above or came after the caller left.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await items.DisposeAsync();
        }
    }

    private BulkBatch NewBatch() => new(options, time.GetTimestamp());

    /// <summary>Completes when the batch has waited long enough for its next item.</summary>
    private Task WaitedAsync(BulkBatch batch, CancellationToken cancellationToken)
    {
        if (options.MaxWait == Timeout.InfiniteTimeSpan)
        {
            return Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }

        TimeSpan left = options.MaxWait - time.GetElapsedTime(batch.StartedAt);
        return Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
    }
}
