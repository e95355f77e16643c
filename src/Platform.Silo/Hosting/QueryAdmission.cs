using Microsoft.Extensions.Options;
using Platform.Abstractions;

namespace Platform.Silo.Hosting;

/// <summary>How many queries this silo runs at a time; the others wait in a bounded line for each tenant, and the tenants take turns.</summary>
/// <remarks>A tenant may fill half of the places to wait: one who sends without pause is refused before the others are.</remarks>
public sealed class QueryAdmission
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, LinkedList<Waiter>> _lines = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _turns = [];
    private readonly int _most;
    private readonly int _mostWaiting;
    private int _running;
    private int _waiting;

    /// <summary>Reads the limits.</summary>
    public QueryAdmission(IOptions<ClusterOptions> options) =>
        (_most, _mostWaiting) = (options.Value.MaxQueriesInFlight, options.Value.MaxWaitingQueries);

    /// <summary>Waits for the tenant's turn; dispose what it returns when the query has ended.</summary>
    /// <param name="tenant">Whose query.</param>
    /// <param name="deadline">Ends the waiting.</param>
    /// <exception cref="PlatformException">
    /// <see cref="FaultKind.Busy"/>: the tenant has too many waiting, or waited in vain; <see cref="FaultKind.Unavailable"/>: all tenants together have.
    /// </exception>
    public async ValueTask<IDisposable> EnterAsync(string tenant, CancellationToken deadline)
    {
        Waiter waiter;
        lock (_lines)
        {
            if (_running < _most && _waiting == 0)
            {
                _running++;
                return new Place(this);
            }

            waiter = Queue(tenant);
        }

        await using CancellationTokenRegistration registration = deadline.Register(() => GiveUp(waiter));
        return await waiter.Entered.Task;
    }

    private Waiter Queue(string tenant)
    {
        if (_waiting >= _mostWaiting)
        {
            throw new PlatformException(
                FaultKind.Unavailable, $"{_running} queries run and {_waiting} wait, which is the most. Send the query again in a moment.", TryAgain);
        }

        if (!_lines.TryGetValue(tenant, out LinkedList<Waiter>? line))
        {
            line = [];
            _lines.Add(tenant, line);
            _turns.AddLast(tenant);
        }

        int share = Math.Max(1, _mostWaiting / 2);
        if (line.Count >= share)
        {
            throw new PlatformException(
                FaultKind.Busy, $"{line.Count} queries of this tenant wait already; it may have {share} waiting. Send fewer at a time, or try again in a moment.", TryAgain);
        }

        var waiter = new Waiter(tenant);
        line.AddLast(waiter);
        _waiting++;
        return waiter;
    }

    private void GiveUp(Waiter waiter)
    {
        lock (_lines)
        {
            if (!_lines.TryGetValue(waiter.Tenant, out LinkedList<Waiter>? line) || !line.Remove(waiter))
            {
                return;                                      // it was let in
            }

            _waiting--;
            ForgetIfEmpty(waiter.Tenant, line);
        }

        waiter.Entered.TrySetException(new PlatformException(
            FaultKind.Busy, "The query waited for its turn until its deadline. Allow it more time, or try again in a moment.", TryAgain));
    }

    private void Leave()
    {
        Waiter? next = null;
        lock (_lines)
        {
            _running--;
            if (_turns.First is { } turn)
            {
                _turns.RemoveFirst();
                LinkedList<Waiter> line = _lines[turn.Value];
                next = line.First!.Value;
                line.RemoveFirst();
                _waiting--;
                _running++;
                if (line.Count > 0)
                {
                    _turns.AddLast(turn);
                }
                else
                {
                    _lines.Remove(turn.Value);
                }
            }
        }

        next?.Entered.SetResult(new Place(this));
    }

    private void ForgetIfEmpty(string tenant, LinkedList<Waiter> line)
    {
        if (line.Count == 0)
        {
            _lines.Remove(tenant);
            _turns.Remove(tenant);
        }
    }

    private sealed class Waiter(string tenant)
    {
        public string Tenant { get; } = tenant;

        public TaskCompletionSource<IDisposable> Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Place(QueryAdmission admission) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                admission.Leave();
            }
        }
    }
}
