using Platform.Indexing.Shards;

namespace Platform.Indexing.Ranking;

/// <summary>Weighted sum of scores that were brought to one scale, list by list.</summary>
public static class LinearFusion
{
    /// <summary>Fuses lists: score descending, then key ascending by UTF-8 bytes. Terms are added in the order of the lists.</summary>
    /// <param name="scale">How a list's scores are brought to one scale.</param>
    /// <param name="weights">One a list.</param>
    /// <param name="lists">Each best first; a key stands once in a list.</param>
    /// <remarks>A document that a list does not hold counts there as <see cref="ScaledScores.Missing"/>.</remarks>
    public static FusedHit[] Fuse(ScoreScale scale, IReadOnlyList<double> weights, params IReadOnlyList<ShardHit>[] lists)
    {
        if (weights.Count != lists.Length)
        {
            throw new ArgumentException($"There are {weights.Count} weights and {lists.Length} lists; give one weight a list.", nameof(weights));
        }

        ScaledScores[] scaled = [.. lists.Select(list => ScaledScores.Of(scale, list))];
        return FusedRanks.Order(FusedRanks.Of(lists).Select(entry => new FusedHit(entry.Key, Score(entry.Value, weights, scaled), entry.Value)));
    }

    private static double Score(int[] ranks, IReadOnlyList<double> weights, ScaledScores[] scaled)
    {
        double score = 0;
        for (int list = 0; list < ranks.Length; list++)
        {
            score += weights[list] * (ranks[list] == 0 ? scaled[list].Missing : scaled[list].Values[ranks[list] - 1]);
        }

        return score;
    }
}

/// <summary>How a list's scores are brought to one scale.</summary>
public enum ScoreScale
{
    /// <summary>(score - least) / (largest - least); 1 where all are equal.</summary>
    MinMax = 0,

    /// <summary>(score - mean) / standard deviation of the list; 0 where all are equal.</summary>
    ZScore = 1,
}

/// <summary>A list's scores on the common scale.</summary>
/// <param name="Values">One a hit, in its order.</param>
/// <param name="Missing">What counts for a document that the list does not hold: its worst hit's score, but less than a hit's where all hits are equal.</param>
internal sealed record ScaledScores(double[] Values, double Missing)
{
    /// <summary>Scales a list, best first; sums run in its order.</summary>
    public static ScaledScores Of(ScoreScale scale, IReadOnlyList<ShardHit> list)
    {
        if (list.Count == 0)
        {
            return new ScaledScores([], 0);
        }

        double least = list[^1].Score;
        double largest = list[0].Score;
        if (scale == ScoreScale.MinMax)
        {
            return largest > least
                ? new ScaledScores([.. list.Select(hit => (hit.Score - least) / (largest - least))], 0)
                : new ScaledScores([.. list.Select(_ => 1.0)], 0);
        }

        double mean = list.Sum(hit => hit.Score) / list.Count;
        double deviation = Math.Sqrt(list.Sum(hit => (hit.Score - mean) * (hit.Score - mean)) / list.Count);
        return largest > least && deviation > 0
            ? new ScaledScores([.. list.Select(hit => (hit.Score - mean) / deviation)], (least - mean) / deviation)
            : new ScaledScores([.. list.Select(_ => 0.0)], -1);
    }
}
