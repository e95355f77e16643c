using Platform.Abstractions;
using Platform.Abstractions.Records;

namespace Platform.Silo.Grains;

/// <summary>Asks many shards at once, and keeps what answered in time.</summary>
internal static class FanOut
{
    /// <summary>With <see cref="BetweenAttempts"/>: some seconds, the time in which a cluster notices that a silo is gone.</summary>
    private const int MostAttempts = 50;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks each shard; a shard that fails, or has not answered when the token is cancelled, is named in the coverage.</summary>
    /// <param name="ordinals">The shards.</param>
    /// <param name="ask">Calls one; must not be waited for beyond the token.</param>
    /// <param name="cancellationToken">The deadline.</param>
    public static async Task<Gathered<T>> AskAsync<T>(
        IReadOnlyList<int> ordinals, Func<int, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(ordinals.Select(ordinal => AskOneAsync(ordinal, ask, cancellationToken)));
        return new Gathered<T>(
            [.. answers.Where(answer => answer.Fault is null).Select(answer => (answer.Ordinal, answer.Value!))],
            new ShardCoverage(
                ordinals.Count,
                [.. answers.Where(answer => answer.Fault is not null).Select(answer => new MissingShard(answer.Ordinal, answer.Fault!))]));
    }

    /// <summary>A read that is repeated while the grain it asks goes from one silo to another.</summary>
    /// <param name="ask">May be called again.</param>
    /// <param name="cancellationToken">The deadline, which ends the waiting too.</param>
    public static async Task<T> PersistAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await ask(cancellationToken).WaitAsync(cancellationToken);
            }
            catch (Exception e) when (e is OrleansException or ObjectDisposedException && attempt < MostAttempts)
            {
                await Task.Delay(BetweenAttempts, cancellationToken);
            }
        }
    }

    /// <summary>The fault of asking for an index that is not there.</summary>
    public static PlatformException NoSuchIndex(IndexKey key) =>
        new(FaultKind.IndexNotFound, $"There is no index '{key.Index}'. Create it, or look at the list of indexes.");

    private static async Task<(int Ordinal, T? Value, string? Fault)> AskOneAsync<T>(
        int ordinal, Func<int, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return (ordinal, await PersistAsync(token => ask(ordinal, token), cancellationToken), null);
        }
        catch (OperationCanceledException)
        {
            return (ordinal, default, "no answer before the deadline");
        }
#pragma warning disable CA1031 // one shard's fault, of whatever kind, makes the answer partial and is told in it
        catch (Exception e)
#pragma warning restore CA1031
        {
            return (ordinal, default, e.Message.ReplaceLineEndings(" "));
        }
    }
}

/// <summary>What the shards said.</summary>
/// <param name="Answers">Those that answered, in the order asked.</param>
/// <param name="Coverage">Who is missing.</param>
internal sealed record Gathered<T>(IReadOnlyList<(int Ordinal, T Value)> Answers, ShardCoverage Coverage);
