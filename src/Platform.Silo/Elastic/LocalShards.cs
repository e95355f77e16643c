using System.Collections.Concurrent;
using Platform.Abstractions;

namespace Platform.Silo.Elastic;

/// <summary>The shards that are open on this silo. Looking at them keeps none awake.</summary>
internal sealed class LocalShards
{
    private readonly ConcurrentDictionary<string, Func<OpenShard>> _open = new(StringComparer.Ordinal);
    private volatile bool _isLeaving;

    /// <summary>Whether this silo hands its shards over: it is to get no more.</summary>
    public bool IsLeaving => _isLeaving;

    /// <summary>Notes that this silo hands its shards over from now on.</summary>
    public void Leave() => _isLeaving = true;

    /// <summary>Notes a shard that has opened.</summary>
    /// <param name="key">Its grain's key.</param>
    /// <param name="look">Tells its figures; called on any thread; throws when the shard closes.</param>
    public void Add(string key, Func<OpenShard> look) => _open[key] = look;

    /// <summary>Forgets a shard that closes.</summary>
    public void Remove(string key) => _open.TryRemove(key, out _);

    /// <summary>The figures of those that are open.</summary>
    public OpenShard[] Look()
    {
        List<OpenShard> shards = [];
        foreach (Func<OpenShard> look in _open.Values)
        {
            try
            {
                shards.Add(look());
            }
            catch (Exception e) when (e is ObjectDisposedException or PlatformException)
            {
                // it closes at this moment
            }
        }

        return [.. shards];
    }
}

/// <summary>What one silo has open.</summary>
/// <param name="IsLeaving">Whether it hands its shards over, before it stops.</param>
/// <param name="Shards">The open ones.</param>
[GenerateSerializer, Immutable, Alias("silo-shards")]
internal sealed record SiloShards([property: Id(0)] bool IsLeaving, [property: Id(1)] OpenShard[] Shards);

/// <summary>An open shard's figures.</summary>
/// <param name="Key">Its grain's key.</param>
/// <param name="Bytes">Of segments and log.</param>
/// <param name="ReadsPerSecond">Searches and fetches, lately.</param>
/// <param name="IsChanging">Whether it is being replaced, or still uses files of the shard that it came from.</param>
[GenerateSerializer, Immutable, Alias("open-shard")]
internal sealed record OpenShard(
    [property: Id(0)] string Key, [property: Id(1)] long Bytes, [property: Id(2)] double ReadsPerSecond, [property: Id(3)] bool IsChanging);
