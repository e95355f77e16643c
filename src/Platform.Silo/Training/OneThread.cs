namespace Platform.Silo.Training;

/// <summary>A synchronisation context of one thread: continuations of the work wait here until it takes them.</summary>
internal sealed class OneThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private bool _isComplete;

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_posted)
        {
            _posted.Enqueue((d, state));
            Monitor.Pulse(_posted);
        }
    }

    /// <summary>Runs work and all its continuations on the calling thread, and hands its result over.</summary>
    public void Run<T>(Func<Task<T>> workAsync, TaskCompletionSource<T> done)
    {
        SetSynchronizationContext(this);
        _ = CompleteAsync(workAsync, done);
        while (Next() is var (callback, state))
        {
            callback(state);
        }
    }

    private (SendOrPostCallback Callback, object? State)? Next()
    {
        lock (_posted)
        {
            while (_posted.Count == 0)
            {
                if (_isComplete)
                {
                    return null;
                }

                Monitor.Wait(_posted);
            }

            return _posted.Dequeue();
        }
    }

    private async Task CompleteAsync<T>(Func<Task<T>> workAsync, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(await workAsync());
        }
#pragma warning disable CA1031 // handed to whoever awaits the job
        catch (Exception e)
#pragma warning restore CA1031
        {
            done.SetException(e);
        }

        lock (_posted)
        {
            _isComplete = true;
            Monitor.Pulse(_posted);
        }
    }
}
