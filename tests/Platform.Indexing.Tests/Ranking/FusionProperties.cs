using System.Text;
using CsCheck;
using Platform.Indexing.Ranking;
using Platform.Indexing.Shards;

namespace Platform.Indexing.Tests.Ranking;

/// <summary>Fusion against its definition, computed document by document from two lists.</summary>
public sealed class FusionProperties
{
    private static readonly string[] Keys = ["a", "b", "ab", "é", "\uE000", "\uFFFD", "😀", "c", "d", "e", "f", "g"];

    /// <summary>Each key at most once, of few scores, best first; equal scores by key.</summary>
    private static readonly Gen<ShardHit[]> Lists = Gen.Select(Gen.OneOf(Keys), Gen.OneOf(-1.5, 0, 0.25, 3, 3.5)).Array[0, 12].Select(hits => hits
        .DistinctBy(hit => hit.Item1)
        .Select(hit => new ShardHit(hit.Item1, hit.Item2))
        .OrderByDescending(hit => hit.Score).ThenBy(hit => Bytes(hit.DocumentKey), StringComparer.Ordinal)
        .ToArray());

    [Fact]
    public void Reciprocal_rank_fusion_adds_the_reciprocals_of_k_plus_rank() =>
        Gen.Select(Lists, Lists, Gen.OneOf(1, 60, 1000)).Sample((first, second, k) =>
            AssertFused(ReciprocalRankFusion.Fuse(k, first, second), first, second, key =>
            {
                double score = 0;
                score += RankOf(first, key) is > 0 and var rank ? 1.0 / (k + rank) : 0;
                score += RankOf(second, key) is > 0 and var other ? 1.0 / (k + other) : 0;
                return score;
            }));

    [Fact]
    public void Min_max_fusion_weighs_scores_between_the_least_and_the_largest_of_their_list() =>
        Gen.Select(Lists, Lists, Gen.Double[0, 1]).Sample((first, second, weight) =>
            AssertFused(
                LinearFusion.Fuse(ScoreScale.MinMax, [1 - weight, weight], first, second),
                first,
                second,
                key => ((1 - weight) * MinMax(first, key)) + (weight * MinMax(second, key))));

    [Fact]
    public void Z_score_fusion_weighs_standard_deviations_from_the_mean_of_the_list() =>
        Gen.Select(Lists, Lists, Gen.Double[0, 1]).Sample((first, second, weight) =>
            AssertFused(
                LinearFusion.Fuse(ScoreScale.ZScore, [1 - weight, weight], first, second),
                first,
                second,
                key => ((1 - weight) * ZScore(first, key)) + (weight * ZScore(second, key))));

    [Fact]
    public void A_list_of_one_counts_for_its_document_and_against_the_others()
    {
        ShardHit[] one = [new("a", 5)];
        ShardHit[] other = [new("b", 5)];
        Assert.Equal([("a", 0.75), ("b", 0.25)], LinearFusion.Fuse(ScoreScale.MinMax, [0.75, 0.25], one, other).Select(hit => (hit.DocumentKey, hit.Score)));
        Assert.Equal([("a", -0.25), ("b", -0.75)], LinearFusion.Fuse(ScoreScale.ZScore, [0.75, 0.25], one, other).Select(hit => (hit.DocumentKey, hit.Score)));
    }

    [Fact]
    public void Lists_and_weights_that_do_not_pair_and_a_k_of_0_are_refused()
    {
        Assert.Throws<ArgumentException>(() => LinearFusion.Fuse(ScoreScale.MinMax, [1], [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReciprocalRankFusion.Fuse(0, [], []));
    }

    private static void AssertFused(FusedHit[] fused, ShardHit[] first, ShardHit[] second, Func<string, double> scoreOf)
    {
        string[] keys = [.. first.Concat(second).Select(hit => hit.DocumentKey).Distinct(StringComparer.Ordinal)];
        Assert.Equal(keys.Order(StringComparer.Ordinal), fused.Select(hit => hit.DocumentKey).Order(StringComparer.Ordinal));
        foreach (FusedHit hit in fused)
        {
            Assert.Equal(scoreOf(hit.DocumentKey), hit.Score);
            Assert.Equal([RankOf(first, hit.DocumentKey), RankOf(second, hit.DocumentKey)], hit.Ranks);
        }

        Assert.Equal(
            fused.OrderByDescending(hit => hit.Score).ThenBy(hit => Bytes(hit.DocumentKey), StringComparer.Ordinal).Select(hit => hit.DocumentKey),
            fused.Select(hit => hit.DocumentKey));
    }

    private static int RankOf(ShardHit[] list, string key) => 1 + Array.FindIndex(list, hit => hit.DocumentKey == key);

    private static double MinMax(ShardHit[] list, string key)
    {
        int at = RankOf(list, key) - 1;
        (double least, double largest) = list.Length == 0 ? (0, 0) : (list.Min(hit => hit.Score), list.Max(hit => hit.Score));
        return at < 0 ? 0 : largest > least ? (list[at].Score - least) / (largest - least) : 1;
    }

    private static double ZScore(ShardHit[] list, string key)
    {
        if (list.Length == 0)
        {
            return 0;
        }

        double mean = 0;
        foreach (ShardHit hit in list)
        {
            mean += hit.Score;
        }

        mean /= list.Length;
        double squares = 0;
        foreach (ShardHit hit in list)
        {
            squares += (hit.Score - mean) * (hit.Score - mean);
        }

        double deviation = Math.Sqrt(squares / list.Length);
        int at = RankOf(list, key) - 1;
        return list[0].Score == list[^1].Score ? (at < 0 ? -1 : 0) : ((at < 0 ? list[^1].Score : list[at].Score) - mean) / deviation;
    }

    private static string Bytes(string key) => Convert.ToHexString(Encoding.UTF8.GetBytes(key));
}
