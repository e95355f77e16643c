using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Silo.Grains;

/// <summary>Repeats what shards refuse because a split or merge has replaced them, by the map as it is then.</summary>
internal static class MapRetry
{
    /// <summary>How long it waits for a map by which the shards take writes.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs an attempt by the index's present definition until it says that it is done.</summary>
    /// <param name="grains">Reaches the index.</param>
    /// <param name="key">The index.</param>
    /// <param name="attempt">Returns its result, and whether every shard took what it was asked for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>; <see cref="FaultKind.Unavailable"/> after too long a wait.</exception>
    public static async Task<T> RunAsync<T>(
        IGrainFactory grains, IndexKey key, Func<IndexDefinition, Task<(bool Done, T Result)>> attempt, TimeProvider time, CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        while (true)
        {
            IndexDefinition definition = await FanOut.PersistAsync(grains.GetGrain<IIndexGrain>(key.ToString()).GetAsync, cancellationToken)
                ?? throw FanOut.NoSuchIndex(key);
            (bool done, T result) = await attempt(definition);
            if (done)
            {
                return result;
            }

            if (time.GetElapsedTime(begun) > LongestWait)
            {
                throw new PlatformException(
                    FaultKind.Unavailable,
                    $"A shard of index '{key.Index}' takes no writes for {LongestWait.TotalSeconds} s. Send the request again for what was not applied.",
                    TimeSpan.FromSeconds(1));
            }

            await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }
}
