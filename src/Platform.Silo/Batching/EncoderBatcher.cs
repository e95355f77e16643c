using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Encoders.Native;
using Platform.Silo.Hosting;

namespace Platform.Silo.Batching;

/// <summary>Feeds one device: gathers texts of many callers into batches and runs them on two threads of its own.</summary>
/// <remarks>
/// At most two batches are in flight, one of queries and one of documents, so a query never waits for a document's batch to end; on the cores
/// that they share the documents' thread gives way (<see cref="BackgroundWork"/>). The threads live as long as the batcher because OpenMP keeps a
/// team of workers for each thread that calls it.
/// </remarks>
internal sealed class EncoderBatcher : IDisposable
{
    private const double NewestShare = 0.2;                                                      // of the moving average of tokens a second

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _queryWork = new(0);
    private readonly SemaphoreSlim _documentWork = new(0);
    private readonly BatchQueue _queue;
    private readonly List<RunningBatch> _running = [];
    private readonly Thread[] _threads;
    private readonly BatchMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly int _tokensPerBatch;
    private double _tokensPerSecond;
    private bool _stopping;

    /// <summary>Starts the threads.</summary>
    public EncoderBatcher(IOptions<EncoderOptions> options, TimeProvider time, IMeterFactory meters)
    {
        _tokensPerBatch = options.Value.TokensPerBatch;
        _queue = new BatchQueue(_tokensPerBatch, options.Value.MaxQueuedTokens);
        _time = time;
        _metrics = new BatchMetrics(meters, WaitingTokens);
        _threads =
        [
            new Thread(() => Work(queries: true)) { IsBackground = true, Name = "platform-queries" },
            new Thread(() => Work(queries: false)) { IsBackground = true, Name = "platform-documents" },
        ];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Encodes texts; each may run in another batch, beside other callers' texts.</summary>
    /// <param name="encoder">The model and head.</param>
    /// <param name="tenant">Tenants take turns.</param>
    /// <param name="areQueries">Queries go before documents.</param>
    /// <param name="texts">Token ids, at least one a text.</param>
    /// <param name="cancellationToken">Waiting texts are dropped; a running batch ends early if nobody waits for any of it.</param>
    /// <returns>One vector a text, in order.</returns>
    /// <exception cref="PlatformException">
    /// <see cref="FaultKind.Busy"/>: no room; none of the texts was taken; <see cref="PlatformException.RetryAfter"/> is the time the waiting texts
    /// need. <see cref="FaultKind.Invalid"/>: the call is larger than it may ever be. <see cref="FaultKind.Unavailable"/>: the silo stops.
    /// </exception>
    public async Task<EncodedText[]> EncodeAsync(
        IBatchEncoder encoder, string tenant, bool areQueries, IReadOnlyList<ReadOnlyMemory<int>> texts, CancellationToken cancellationToken)
    {
        if (texts.Count == 0)
        {
            return [];
        }

        cancellationToken.ThrowIfCancellationRequested();
        var call = new BatchCall(encoder, tenant, areQueries, texts.Count);
        BatchItem[] items = [.. texts.Select((tokens, i) => new BatchItem(call, i, tokens))];
        Enqueue(call, items);
        using CancellationTokenRegistration registration = cancellationToken.Register(() => Cancel(call, items, cancellationToken));
        return await call.Vectors;
    }

    /// <summary>Finishes the batches in flight; what waits fails as unavailable.</summary>
    public void Dispose()
    {
        List<BatchItem> left = [];
        lock (_lock)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
            foreach (bool queries in (bool[])[true, false])
            {
                for (List<BatchItem> batch = _queue.Take(queries); batch.Count > 0; batch = _queue.Take(queries))
                {
                    left.AddRange(batch);
                }
            }
        }

        left.ForEach(item => item.Call.Fail(Stopping()));
        _queryWork.Release();
        _documentWork.Release();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _queryWork.Dispose();
        _documentWork.Dispose();
    }

    private static PlatformException Stopping() =>
        new(FaultKind.Unavailable, "The encoder's silo is stopping; send the same request again.", TimeSpan.FromSeconds(1));

    private long WaitingTokens(bool queries)
    {
        lock (_lock)
        {
            return _queue.WaitingTokens(queries);
        }
    }

    private void Enqueue(BatchCall call, BatchItem[] items)
    {
        long tokens = items.Sum(item => (long)item.Tokens.Length);
        lock (_lock)
        {
            if (_stopping)
            {
                throw Stopping();
            }

            if (tokens > _queue.MaxTenantTokens)
            {
                throw new PlatformException(
                    FaultKind.Invalid, $"{items.Length} texts have {tokens} tokens; one call may have {_queue.MaxTenantTokens}. Send fewer texts at once.");
            }

            if (!_queue.HasRoom(call.Tenant, call.AreQueries, tokens))
            {
                _metrics.Refused(items.Length, call.AreQueries);
                TimeSpan wait = RetryAfter(_queue.WaitingTokens(call.AreQueries));
                throw new PlatformException(
                    FaultKind.Busy, $"The encoder's queue has no room for {tokens} more tokens; try again in {wait.TotalSeconds:0} s.", wait);
            }

            foreach (BatchItem item in items)
            {
                _queue.Add(item);
            }

            WorkOf(call.AreQueries).Release();
        }
    }

    private SemaphoreSlim WorkOf(bool queries) => queries ? _queryWork : _documentWork;

    /// <summary>The time in which the waiting tokens are encoded at the present speed, 1 to 60 whole seconds.</summary>
    private TimeSpan RetryAfter(long waitingTokens) =>
        TimeSpan.FromSeconds(_tokensPerSecond > 0 ? Math.Clamp(Math.Ceiling(waitingTokens / _tokensPerSecond), 1, 60) : 1);

    private void Cancel(BatchCall call, BatchItem[] items, CancellationToken cancellationToken)
    {
        call.Cancel(cancellationToken);
        lock (_lock)
        {
            foreach (BatchItem item in items)
            {
                _queue.Remove(item);
            }

            foreach (RunningBatch batch in _running.Where(batch => batch.Items.TrueForAll(item => item.Call.Vectors.IsCompleted)))
            {
                batch.Cancelled = true;
                batch.Cancellation.Cancel();
            }
        }
    }

    private void Work(bool queries)
    {
        if (!queries)
        {
            _ = BackgroundWork.MakeThisThreadNice();
        }

        while (true)
        {
            WorkOf(queries).Wait();
            RunningBatch? batch;
            while ((batch = Begin(queries)) is not null)
            {
                using (batch.Cancellation)
                {
                    Run(batch);
                    End(batch);
                }
            }

            lock (_lock)
            {
                if (_stopping)
                {
                    return;
                }
            }
        }
    }

    private RunningBatch? Begin(bool queries)
    {
        lock (_lock)
        {
            List<BatchItem> items;
            do
            {
                items = _queue.Take(queries);
                if (items.Count == 0)
                {
                    return null;
                }
            }
            while (items.RemoveAll(item => item.Call.Vectors.IsCompleted) > 0 && items.Count == 0);   // another text of their call failed

            var batch = new RunningBatch(items, new CancellationTokenSource());
            _running.Add(batch);
            return batch;
        }
    }

    private void Run(RunningBatch batch)
    {
        long start = _time.GetTimestamp();
        try
        {
            Encode(batch.Items, batch.Cancellation.Token);
            TimeSpan elapsed = _time.GetElapsedTime(start);
            _metrics.Ran(batch.Items, _tokensPerBatch, elapsed);
            NoteSpeed(batch.Items.Sum(item => (long)item.Tokens.Length), elapsed);
        }
        catch (OperationCanceledException) when (batch.Cancelled)
        {
            // each of its callers was told when it cancelled
        }
#pragma warning disable CA1031 // handed to the caller of each text
        catch (Exception fault)
#pragma warning restore CA1031
        {
            EncodeAlone(batch, fault);
        }
    }

    private static void Encode(List<BatchItem> items, CancellationToken cancellationToken)
    {
        EncodedText[] vectors = items[0].Call.Encoder.Encode([.. items.Select(item => item.Tokens)], cancellationToken);
        for (int i = 0; i < vectors.Length; i++)
        {
            items[i].Call.Complete(items[i].Index, vectors[i]);
        }
    }

    /// <summary>After a batch failed: a text that can't be encoded must not fail its neighbours, who belong to others.</summary>
    private static void EncodeAlone(RunningBatch batch, Exception fault)
    {
        foreach (BatchItem item in batch.Items)
        {
            try
            {
                if (batch.Items.Count == 1)
                {
                    item.Call.Fail(fault);
                }
                else if (!item.Call.Vectors.IsCompleted)
                {
                    Encode([item], batch.Cancellation.Token);
                }
            }
#pragma warning disable CA1031 // handed to the caller
            catch (Exception alone)
#pragma warning restore CA1031
            {
                item.Call.Fail(alone);
            }
        }
    }

    private void NoteSpeed(long tokens, TimeSpan elapsed)
    {
        if (elapsed > TimeSpan.Zero)
        {
            double speed = tokens / elapsed.TotalSeconds;
            lock (_lock)
            {
                _tokensPerSecond = _tokensPerSecond > 0 ? (1 - NewestShare) * _tokensPerSecond + NewestShare * speed : speed;
            }
        }
    }

    private void End(RunningBatch batch)
    {
        lock (_lock)
        {
            _running.Remove(batch);                                                              // before its source is disposed: Cancel looks here
        }
    }

    private sealed class RunningBatch(List<BatchItem> items, CancellationTokenSource cancellation)
    {
        public List<BatchItem> Items { get; } = items;

        public CancellationTokenSource Cancellation { get; } = cancellation;

        public bool Cancelled { get; set; }
    }
}
