using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Silo.Hosting;

namespace Platform.Silo.Tests.Hosting;

public sealed class QueryAdmissionTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task Tenants_take_turns_however_many_queries_one_of_them_has_sent()
    {
        QueryAdmission admission = New(inFlight: 1, waiting: 100);
        IDisposable running = await admission.EnterAsync("busy", Never);
        List<Task<IDisposable>> waiting = [.. Enumerable.Range(0, 30).Select(_ => admission.EnterAsync("busy", Never).AsTask())];
        Task<IDisposable> quiet = admission.EnterAsync("quiet", Never).AsTask();

        running.Dispose();
        (await waiting[0]).Dispose();
        IDisposable ofQuiet = await quiet;
        Assert.False(waiting[1].IsCompleted);
        ofQuiet.Dispose();
        foreach (Task<IDisposable> next in waiting.Skip(1))
        {
            (await next).Dispose();
        }
    }

    [Fact]
    public async Task One_tenant_fills_half_of_the_line_and_all_together_the_whole_then_they_are_refused_with_a_time()
    {
        QueryAdmission admission = New(inFlight: 1, waiting: 4);
        using IDisposable running = await admission.EnterAsync("a", Never);
        using var end = new CancellationTokenSource();
        List<Task<IDisposable>> waiting = [admission.EnterAsync("a", end.Token).AsTask(), admission.EnterAsync("a", end.Token).AsTask()];
        PlatformException busy = await Assert.ThrowsAsync<PlatformException>(() => admission.EnterAsync("a", Never).AsTask());
        waiting.AddRange([admission.EnterAsync("b", end.Token).AsTask(), admission.EnterAsync("c", end.Token).AsTask()]);
        PlatformException full = await Assert.ThrowsAsync<PlatformException>(() => admission.EnterAsync("d", Never).AsTask());

        Assert.Equal((FaultKind.Busy, FaultKind.Unavailable), (busy.Kind, full.Kind));
        Assert.All([busy, full], refused => Assert.NotNull(refused.RetryAfter));
        Assert.Contains("it may have 2 waiting", busy.Message, StringComparison.Ordinal);

        await end.CancelAsync();
        foreach (Task<IDisposable> given in waiting)
        {
            Assert.Equal(FaultKind.Busy, (await Assert.ThrowsAsync<PlatformException>(() => given)).Kind);
        }
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_leaves_the_line_and_no_place_is_lost()
    {
        QueryAdmission admission = New(inFlight: 2, waiting: 10);
        IDisposable first = await admission.EnterAsync("a", Never);
        IDisposable second = await admission.EnterAsync("a", Never);
        using var end = new CancellationTokenSource();
        Task<IDisposable> given = admission.EnterAsync("a", end.Token).AsTask();
        Task<IDisposable> patient = admission.EnterAsync("b", Never).AsTask();
        await end.CancelAsync();
        await Assert.ThrowsAsync<PlatformException>(() => given);
        Assert.False(patient.IsCompleted);

        first.Dispose();
        first.Dispose();                                     // once is enough, twice does no harm
        (await patient).Dispose();
        second.Dispose();
        using IDisposable one = await admission.EnterAsync("a", Never);
        using IDisposable two = await admission.EnterAsync("a", Never);
        await Assert.ThrowsAsync<PlatformException>(() => admission.EnterAsync("a", end.Token).AsTask());
    }

    private static QueryAdmission New(int inFlight, int waiting) =>
        new(Options.Create(new ClusterOptions { MaxQueriesInFlight = inFlight, MaxWaitingQueries = waiting }));
}
