using CsCheck;
using Platform.Silo.Elastic;

namespace Platform.Silo.Tests.Elastic;

public sealed class BalancePlanTests
{
    private static readonly Gen<(string[] Silos, PlacedShard[] Shards)> Clusters = Gen.Select(Gen.Int[1, 6], Gen.Select(Gen.Long[0, 1000], Gen.Double[0, 50], Gen.Int[0, 5]).Array[0, 40])
        .Select((silos, shards) => (
            Enumerable.Range(0, silos).Select(i => $"s{i}").ToArray(),
            shards.Select((shard, i) => new PlacedShard($"{i}", $"s{shard.Item3 % silos}", shard.Item1, shard.Item2)).ToArray()));

    [Fact]
    public void A_plan_never_makes_the_balance_of_bytes_worse_and_moves_no_shard_twice() => Clusters.Sample(cluster =>
    {
        IReadOnlyList<PlannedMove> moves = BalancePlan.Make(cluster.Silos, cluster.Shards, 1.1, 100, _ => true);
        Assert.Equal(moves.Count, moves.Select(move => move.Shard.Key).Distinct().Count());
        Assert.True(MostBytes(cluster.Silos, After(cluster.Shards, moves)) <= Math.Max(MostBytes(cluster.Silos, cluster.Shards), 1.1 * MeanBytes(cluster.Silos, cluster.Shards)));
    });

    [Fact]
    public void A_plan_leaves_nothing_to_plan() => Clusters.Sample(cluster =>
    {
        IReadOnlyList<PlannedMove> moves = BalancePlan.Make(cluster.Silos, cluster.Shards, 1.1, 100, _ => true);
        PlacedShard[] after = After(cluster.Shards, moves);
        HashSet<string> moved = [.. moves.Select(move => move.Shard.Key)];
        Assert.Empty(BalancePlan.Make(cluster.Silos, after, 1.1, 100, shard => !moved.Contains(shard.Key)));
    });

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(32)]
    public void A_fourth_silo_gets_its_share_and_little_more_moves(int shards)
    {
        PlacedShard[] before = [.. Enumerable.Range(0, shards).Select(i => new PlacedShard($"{i:D2}", $"s{i % 3}", 1000 + (i % 4), 0))];
        string[] silos = ["s0", "s1", "s2", "s3"];
        IReadOnlyList<PlannedMove> moves = BalancePlan.Make(silos, before, 1.1, 100, _ => true);
        Assert.True(BalancePlan.Imbalance(silos, After(before, moves)) <= 1.2);
        double ideal = before.Sum(shard => shard.Bytes) / 4.0;
        Assert.True(moves.Sum(move => move.Shard.Bytes) <= 1.5 * ideal, $"{moves.Count} moves");
    }

    [Fact]
    public void Reads_move_shards_where_bytes_allow_it_and_few_reads_move_none()
    {
        PlacedShard[] hot = [new("a", "s0", 100, 60), new("b", "s0", 100, 40), new("c", "s1", 100, 0), new("d", "s1", 100, 0), new("e", "s0", 1, 30)];
        Assert.Equal(["e"], BalancePlan.Make(["s0", "s1"], hot, 1.1, 100, _ => true).Select(move => move.Shard.Key));
        Assert.Empty(BalancePlan.Make(["s0", "s1"], hot.Select(shard => shard with { ReadsPerSecond = shard.ReadsPerSecond / 100 }), 1.1, 100, _ => true));
    }

    [Fact]
    public void No_more_moves_are_planned_than_asked_for_and_none_of_what_may_not_move()
    {
        PlacedShard[] shards = [.. Enumerable.Range(0, 10).Select(i => new PlacedShard($"{i}", "s0", 10, 0))];
        Assert.Equal(2, BalancePlan.Make(["s0", "s1"], shards, 1.1, 2, _ => true).Count);
        Assert.Empty(BalancePlan.Make(["s0", "s1"], shards, 1.1, 100, _ => false));
    }

    private static PlacedShard[] After(PlacedShard[] shards, IReadOnlyList<PlannedMove> moves) =>
        [.. shards.Select(shard => moves.FirstOrDefault(move => move.Shard.Key == shard.Key) is { } move ? shard with { Silo = move.Silo } : shard)];

    private static double MostBytes(string[] silos, PlacedShard[] shards) => silos.Max(silo => shards.Where(shard => shard.Silo == silo).Sum(shard => (double)shard.Bytes));

    private static double MeanBytes(string[] silos, PlacedShard[] shards) => shards.Sum(shard => (double)shard.Bytes) / silos.Length;
}
