using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Platform.Client.Contracts;

namespace Platform.Client.Ingest;

/// <summary>One ingest from its first item to its last: batches under way, their order, the counts. Used once.</summary>
/// <remarks>
/// A batch waits for every earlier batch under way that holds one of its ids, so operations on one document are carried out in
/// the order of the source. Predecessors are always earlier and hold their slots, so the waiting ends.
/// </remarks>
internal sealed class IngestRun(
    BatchSender sender, IngestOptions options, IProgress<IngestProgress>? progress, TimeProvider time) : IDisposable
{
    private readonly BatchSplitter _splitter = new(options, time);
    private readonly IngestTally _tally = new(options.MaxListedFailures);
    private readonly SemaphoreSlim _slots = new(options.MaxRequestsInFlight);
    private readonly Dictionary<string, BulkBatch> _lastHolder = [];
    private readonly Channel<IngestResult[]> _results =
        Channel.CreateBounded<IngestResult[]>(options.MaxRequestsInFlight);
    private readonly long _startedAt = time.GetTimestamp();
    private PlatformClientException? _stop;

    /// <summary>The counts so far.</summary>
    public IngestSummary Summary => _tally.Summary(_splitter.Read, sender, time.GetElapsedTime(_startedAt));

    /// <summary>Runs it. Results come in the order in which they are known; every item read has exactly one.</summary>
    /// <exception cref="IngestStoppedException">After the last result: the ingest ended before its source did.</exception>
    public async IAsyncEnumerable<IngestResult> RunAsync(
        IAsyncEnumerable<BulkItem> source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task pump = PumpAsync(source, abandoned.Token);
        try
        {
            await foreach (IngestResult[] batch in _results.Reader.ReadAllAsync(cancellationToken))
            {
                foreach (IngestResult result in batch)
                {
                    yield return result;
                }
            }

            if (_stop is { } stop)
            {
                throw new IngestStoppedException(stop, Summary);
            }
        }
        finally
        {
            // Here early if the caller stopped listening: nothing may go on behind its back.
            await abandoned.CancelAsync();
            await pump;
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task PumpAsync(IAsyncEnumerable<BulkItem> source, CancellationToken cancellationToken)
    {
        List<Task> underWay = [];
        Exception? fault = null;
        try
        {
            IAsyncEnumerator<BulkBatch> batches =
                _splitter.SplitAsync(source, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (batches)
            {
                await _slots.WaitAsync(cancellationToken);
                while (_stop is null && !underWay.Exists(task => task.IsFaulted) && await batches.MoveNextAsync())
                {
                    underWay.RemoveAll(task => task.IsCompletedSuccessfully);
                    underWay.Add(SendAsync(Enlist(batches.Current), cancellationToken));
                    await _slots.WaitAsync(cancellationToken);
                }
            }
        }
        catch (Exception e)
        {
            fault = e;   // the source's, or a cancellation: handed to the caller through the channel
        }

        try
        {
            await Task.WhenAll(underWay);
        }
        catch (Exception e)
        {
            fault ??= e;
        }

        _results.Writer.Complete(fault);
    }

    private BulkBatch Enlist(BulkBatch batch)
    {
        lock (_lastHolder)
        {
            foreach (string id in batch.Ids)
            {
                if (_lastHolder.TryGetValue(id, out BulkBatch? earlier))
                {
                    batch.Predecessors.Add(earlier);
                }

                _lastHolder[id] = batch;
            }
        }

        return batch;
    }

    private async Task SendAsync(BulkBatch batch, CancellationToken cancellationToken)
    {
        using (batch)
        {
            try
            {
                await Task.WhenAll(batch.Predecessors.Select(earlier => earlier.WaitAsync(cancellationToken)));
                IngestResult[] results = await SendUnlessStoppedAsync(batch, cancellationToken);
                Tally(batch, results);
                await _results.Writer.WriteAsync(results, cancellationToken);
            }
            finally
            {
                Delist(batch);
                batch.Finish();
                _slots.Release();
            }
        }
    }

    private async Task<IngestResult[]> SendUnlessStoppedAsync(BulkBatch batch, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _stop) is { } earlier)
        {
            return BatchSender.NotSent(batch, earlier);
        }

        (IngestResult[] results, PlatformClientException? stop) = await sender.SendAsync(batch, cancellationToken);
        if (stop is not null)
        {
            Interlocked.CompareExchange(ref _stop, stop, null);
        }

        return results;
    }

    private void Tally(BulkBatch batch, IngestResult[] results)
    {
        long bytes = 0;
        for (int item = 0; item < results.Length; item++)
        {
            bytes += results[item].IsAcknowledged ? batch.LineOf(item).Length : 0;
        }

        _tally.Add(results, bytes, (acknowledged, failed, allBytes) =>
            progress?.Report(
                new IngestProgress(_splitter.Read, acknowledged, failed, allBytes, time.GetElapsedTime(_startedAt))));
    }

    private void Delist(BulkBatch batch)
    {
        lock (_lastHolder)
        {
            foreach (string id in batch.Ids)
            {
                if (_lastHolder.TryGetValue(id, out BulkBatch? holder) && holder == batch)
                {
                    _lastHolder.Remove(id);
                }
            }
        }
    }
}
