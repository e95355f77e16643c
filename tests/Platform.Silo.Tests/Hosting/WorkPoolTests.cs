using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Silo.Hosting;

namespace Platform.Silo.Tests.Hosting;

public sealed class WorkPoolTests : IDisposable
{
    private readonly WorkPool _pool = new(Options.Create(new ClusterOptions { WorkerThreads = 1, MaxQueuedWork = 3 }));
    private readonly ManualResetEventSlim _gate = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Queries_go_before_documents_that_waited_longer()
    {
        List<string> order = [];
        Task<bool> blocking = await BlockAsync();
        Task<bool> document = _pool.RunAsync(() => Note(order, "document"), isQuery: false, default);
        Task<bool> query = _pool.RunAsync(() => Note(order, "query"), isQuery: true, default);
        _gate.Set();

        await Task.WhenAll(blocking, document, query);
        Assert.Equal(["query", "document"], order);
    }

    [Fact]
    public async Task Work_beyond_the_queue_is_refused_as_busy_with_a_time_to_retry_after()
    {
        Task<bool> blocking = await BlockAsync();
        Task[] waiting = [.. Enumerable.Range(0, 3).Select(_ => _pool.RunAsync(() => true, isQuery: false, default))];

        var busy = await Assert.ThrowsAsync<PlatformException>(() => _pool.RunAsync(() => true, isQuery: true, default));

        Assert.Equal(FaultKind.Busy, busy.Kind);
        Assert.NotNull(busy.RetryAfter);
        _gate.Set();
        await Task.WhenAll([blocking, .. waiting]);
    }

    [Fact]
    public async Task Work_cancelled_while_it_waits_never_runs()
    {
        Task<bool> blocking = await BlockAsync();
        using var cancelled = new CancellationTokenSource();
        bool ran = false;
        Task<bool> work = _pool.RunAsync(() => ran = true, isQuery: true, cancelled.Token);
        await cancelled.CancelAsync();
        _gate.Set();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        Assert.True(await blocking);
        Assert.False(ran);
    }

    [Fact]
    public async Task A_fault_of_the_work_reaches_its_caller_and_the_thread_goes_on()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _pool.RunAsync<bool>(() => throw new InvalidOperationException(), isQuery: true, default));
        Assert.True(await _pool.RunAsync(() => true, isQuery: true, default));
    }

    public void Dispose()
    {
        _gate.Set();
        _pool.Dispose();
    }

    private static bool Note(List<string> order, string what)
    {
        order.Add(what);
        return true;
    }

    private async Task<Task<bool>> BlockAsync()
    {
        Task<bool> blocking = _pool.RunAsync(
            () =>
            {
                _started.SetResult();
                return _gate.Wait(TimeSpan.FromSeconds(30));
            },
            isQuery: true,
            default);
        await _started.Task;
        return blocking;
    }
}
