using Platform.Abstractions;

namespace Platform.Silo.Grains;

/// <summary>The one deadline of a query, and the share of it that each round over the shards may take.</summary>
/// <remarks>
/// A round ends at its own share, so that a shard that hangs in one round leaves time to ask the others in the next; a little
/// is kept back to merge and to send the answer.
/// </remarks>
internal sealed class QueryDeadline : IDisposable
{
    private const double KeptShare = 0.1;
    private static readonly TimeSpan MostKept = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _whole;
    private readonly TimeProvider _time;
    private readonly TimeSpan _budget;
    private readonly long _start;

    /// <summary>Begins now.</summary>
    /// <param name="total">Until the answer must be there.</param>
    /// <param name="time">The clock.</param>
    /// <param name="caller">Ends it earlier.</param>
    public QueryDeadline(TimeSpan total, TimeProvider time, CancellationToken caller)
    {
        TimeSpan kept = total * KeptShare;
        _budget = total - (kept < MostKept ? kept : MostKept);
        _time = time;
        _start = time.GetTimestamp();
        _whole = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _whole.CancelAfter(_budget);
    }

    /// <summary>Cancelled at the deadline.</summary>
    public CancellationToken Token => _whole.Token;

    /// <summary>What is left; never negative.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan left = _budget - _time.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Begins a round that may take a share of what is left; the calls that follow in this flow say so.</summary>
    public CancellationTokenSource BeginRound(double share)
    {
        TimeSpan budget = Remaining * share;
        var round = CancellationTokenSource.CreateLinkedTokenSource(Token);
        round.CancelAfter(budget);
        CallContext.WaitAtMost(budget);
        return round;
    }

    /// <summary>On the called side: a token that is also cancelled when the caller's budget is spent, even if it can't say so.</summary>
    public static CancellationTokenSource OfCall(CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (CallContext.Budget is { } budget)
        {
            source.CancelAfter(budget > TimeSpan.Zero ? budget : TimeSpan.Zero);
        }

        return source;
    }

    /// <inheritdoc/>
    public void Dispose() => _whole.Dispose();
}
