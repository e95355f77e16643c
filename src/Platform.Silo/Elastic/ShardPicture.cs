namespace Platform.Silo.Elastic;

/// <summary>What each silo holds, as this silo saw it last: new activations of shards go where least is.</summary>
internal sealed class ShardPicture
{
    private readonly Lock _lock = new();
    private Dictionary<string, double> _bytes = [];
    private double _meanBytes;
    private HashSet<string> _leaving = [];

    /// <summary>Takes a new look.</summary>
    /// <param name="shards">The open shards.</param>
    /// <param name="leaving">Silos that are to get no more.</param>
    public void Update(IReadOnlyCollection<PlacedShard> shards, IEnumerable<string> leaving)
    {
        lock (_lock)
        {
            _leaving = [.. leaving];
            _bytes = shards.GroupBy(shard => shard.Silo).ToDictionary(group => group.Key, group => group.Sum(shard => (double)shard.Bytes));
            _meanBytes = shards.Count == 0 ? 0 : shards.Average(shard => (double)shard.Bytes);
        }
    }

    /// <summary>The silo with the fewest bytes of those that stay; it then counts as having one more shard of mean size.</summary>
    public SiloAddress Choose(IReadOnlyList<SiloAddress> among)
    {
        lock (_lock)
        {
            SiloAddress chosen = among
                .OrderBy(silo => _leaving.Contains(silo.Endpoint.ToString()))
                .ThenBy(silo => _bytes.GetValueOrDefault(silo.Endpoint.ToString()))
                .ThenBy(silo => silo)
                .First();
            string name = chosen.Endpoint.ToString();
            _bytes[name] = _bytes.GetValueOrDefault(name) + _meanBytes + 1;
            return chosen;
        }
    }
}
