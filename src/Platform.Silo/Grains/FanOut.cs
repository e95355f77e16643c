using Platform.Abstractions;
using Platform.Abstractions.Records;

namespace Platform.Silo.Grains;

/// <summary>Asks many shards at once, and keeps what answered in time.</summary>
internal static class FanOut
{
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

    /// <summary>The fault of asking for an index that is not there.</summary>
    public static PlatformException NoSuchIndex(IndexKey key) =>
        new(FaultKind.IndexNotFound, $"There is no index '{key.Index}'. Create it, or look at the list of indexes.");

    private static async Task<(int Ordinal, T? Value, string? Fault)> AskOneAsync<T>(
        int ordinal, Func<int, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return (ordinal, await ask(ordinal, cancellationToken).WaitAsync(cancellationToken), null);
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
