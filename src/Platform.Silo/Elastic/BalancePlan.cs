namespace Platform.Silo.Elastic;

/// <summary>Which shards should go to which silos, so that none holds or serves much more than the mean.</summary>
/// <remarks>
/// Greedy: again and again the move from the fullest silo that leaves the fuller of the two emptiest, until the fullest has at most
/// <c>until</c> times the mean. Each move helps, so it ends, and a shard goes at most where it helps: about the ideal share of bytes moves.
/// </remarks>
internal static class BalancePlan
{
    /// <summary>Fewer reads a second than this, over all silos, are no load that is worth a move.</summary>
    private const double ReadsWorthMoving = 20;

    /// <summary>The fullest silo's share, as a multiple of the mean: of bytes, or of reads where that is more; 1 if there is nothing.</summary>
    public static double Imbalance(IReadOnlyCollection<string> silos, IReadOnlyCollection<PlacedShard> shards) =>
        Math.Max(Imbalance(silos, shards, BytesOf), shards.Sum(ReadsOf) < ReadsWorthMoving ? 1 : Imbalance(silos, shards, ReadsOf));

    /// <summary>The moves, the most useful first.</summary>
    /// <param name="silos">All silos that can hold shards.</param>
    /// <param name="shards">Where the shards are; those elsewhere than on the silos are left out.</param>
    /// <param name="until">The imbalance that is good enough, at least 1.</param>
    /// <param name="most">The most moves.</param>
    /// <param name="mayMove">Whether a shard may move now.</param>
    public static IReadOnlyList<PlannedMove> Make(
        IReadOnlyCollection<string> silos, IEnumerable<PlacedShard> shards, double until, int most, Func<PlacedShard, bool> mayMove)
    {
        List<PlacedShard> placed = [.. shards.Where(shard => silos.Contains(shard.Silo))];
        List<PlannedMove> moves = [];
        HashSet<string> moved = [];
        while (moves.Count < most && Imbalance(silos, placed) > until)
        {
            bool byBytes = Imbalance(silos, placed, BytesOf) > until;
            Func<PlacedShard, double> weight = byBytes ? BytesOf : ReadsOf;
            Dictionary<string, double> loads = Loads(silos, placed, weight);
            string fullest = loads.OrderByDescending(load => load.Value).ThenBy(load => load.Key, StringComparer.Ordinal).First().Key;
            string emptiest = loads.OrderBy(load => load.Value).ThenBy(load => load.Key, StringComparer.Ordinal).First().Key;
            PlacedShard? best = placed
                .Where(shard => shard.Silo == fullest && weight(shard) > 0 && !moved.Contains(shard.Key) && mayMove(shard))
                .Where(shard => loads[emptiest] + weight(shard) < loads[fullest] && (byBytes || KeepsBytes(silos, placed, shard, emptiest, until)))
                .OrderBy(shard => Math.Max(loads[fullest] - weight(shard), loads[emptiest] + weight(shard)))
                .ThenBy(shard => shard.Key, StringComparer.Ordinal)
                .FirstOrDefault();
            if (best is null)
            {
                break;
            }

            moved.Add(best.Key);
            moves.Add(new PlannedMove(best, emptiest));
            placed[placed.IndexOf(best)] = best with { Silo = emptiest };
        }

        return moves;
    }

    private static bool KeepsBytes(IReadOnlyCollection<string> silos, List<PlacedShard> placed, PlacedShard shard, string target, double until) =>
        Imbalance(silos, [.. placed.Where(other => other != shard), shard with { Silo = target }], BytesOf) <= until;

    private static double Imbalance(IReadOnlyCollection<string> silos, IReadOnlyCollection<PlacedShard> shards, Func<PlacedShard, double> weight)
    {
        Dictionary<string, double> loads = Loads(silos, shards, weight);
        double total = loads.Values.Sum();
        return total == 0 ? 1 : loads.Values.Max() / (total / loads.Count);
    }

    private static Dictionary<string, double> Loads(IReadOnlyCollection<string> silos, IEnumerable<PlacedShard> shards, Func<PlacedShard, double> weight)
    {
        Dictionary<string, double> loads = silos.ToDictionary(silo => silo, _ => 0.0);
        foreach (PlacedShard shard in shards)
        {
            loads[shard.Silo] += weight(shard);
        }

        return loads;
    }

    private static double BytesOf(PlacedShard shard) => shard.Bytes;

    private static double ReadsOf(PlacedShard shard) => shard.ReadsPerSecond;
}

/// <summary>A shard, where it is, and what it weighs.</summary>
/// <param name="Key">The grain's key.</param>
/// <param name="Silo">Address and port.</param>
/// <param name="Bytes">Of segments and log.</param>
/// <param name="ReadsPerSecond">Searches and fetches.</param>
internal sealed record PlacedShard(string Key, string Silo, long Bytes, double ReadsPerSecond);

/// <summary>A move.</summary>
/// <param name="Shard">What moves.</param>
/// <param name="Silo">Where to.</param>
internal sealed record PlannedMove(PlacedShard Shard, string Silo);
