using Microsoft.Extensions.Options;
using Platform.Abstractions;

namespace Platform.Silo.Hosting;

/// <summary>Threads of their own for CPU-bound work, so that the grain scheduler and the membership probes keep a processor.</summary>
/// <remarks>Queries go before documents. The queue is bounded; what doesn't fit is refused at once.</remarks>
public sealed class WorkPool : IDisposable
{
    private readonly Queue<Action> _queries = new();
    private readonly Queue<Action> _documents = new();
    private readonly int _maxQueued;
    private bool _stopping;

    /// <summary>Starts the threads.</summary>
    public WorkPool(IOptions<ClusterOptions> options)
    {
        _maxQueued = options.Value.MaxQueuedWork;
        int threads = options.Value.WorkerThreads > 0 ? options.Value.WorkerThreads : Math.Max(1, Environment.ProcessorCount - 1);
        for (int i = 0; i < threads; i++)
        {
            new Thread(Work) { IsBackground = true, Name = $"platform-worker-{i}" }.Start();
        }
    }

    /// <summary>Runs work on a thread of the pool.</summary>
    /// <param name="work">CPU-bound; looks at the token itself once it runs.</param>
    /// <param name="isQuery">Queries go before documents.</param>
    /// <param name="cancellationToken">Work that has not begun is dropped.</param>
    /// <exception cref="PlatformException"><see cref="FaultKind.Busy"/>: the queue is full.</exception>
    public Task<T> RunAsync<T>(Func<T> work, bool isQuery, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_queries)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            if (_queries.Count + _documents.Count >= _maxQueued)
            {
                throw new PlatformException(
                    FaultKind.Busy, $"{_maxQueued} pieces of work wait for a processor already; try again in a moment.", TimeSpan.FromSeconds(1));
            }

            (isQuery ? _queries : _documents).Enqueue(() => Run(work, done, cancellationToken));
            Monitor.Pulse(_queries);
        }

        return done.Task;
    }

    /// <summary>Finishes what is queued, then ends the threads.</summary>
    public void Dispose()
    {
        lock (_queries)
        {
            _stopping = true;
            Monitor.PulseAll(_queries);
        }
    }

    private static void Run<T>(Func<T> work, TaskCompletionSource<T> done, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            done.TrySetCanceled(cancellationToken);
            return;
        }

        try
        {
            done.TrySetResult(work());
        }
        catch (OperationCanceledException e)
        {
            done.TrySetCanceled(e.CancellationToken);
        }
#pragma warning disable CA1031 // handed to the caller
        catch (Exception e)
#pragma warning restore CA1031
        {
            done.TrySetException(e);
        }
    }

    private void Work()
    {
        while (true)
        {
            Action? next;
            lock (_queries)
            {
                while (!_queries.TryDequeue(out next) && !_documents.TryDequeue(out next))
                {
                    if (_stopping)
                    {
                        return;
                    }

                    Monitor.Wait(_queries);
                }
            }

            next();
        }
    }
}
