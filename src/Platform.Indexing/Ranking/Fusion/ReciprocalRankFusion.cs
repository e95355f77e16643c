using Platform.Indexing.Shards;

namespace Platform.Indexing.Ranking;

/// <summary>
/// Reciprocal rank fusion: a document's score is Σ 1 / (k + rank) over the lists that hold it. Cormack, Clarke and Büttcher, SIGIR 2009,
/// doi:10.1145/1571941.1572114.
/// </summary>
public static class ReciprocalRankFusion
{
    /// <summary>The constant of the paper.</summary>
    public const int DefaultK = 60;

    /// <summary>Fuses lists: score descending, then key ascending by UTF-8 bytes. Terms are added in the order of the lists.</summary>
    /// <param name="k">Added to a rank; at least 1.</param>
    /// <param name="lists">Each best first; a key stands once in a list.</param>
    public static FusedHit[] Fuse(int k, params IReadOnlyList<ShardHit>[] lists)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return FusedRanks.Order(FusedRanks.Of(lists).Select(entry => new FusedHit(entry.Key, Score(entry.Value, k), entry.Value)));
    }

    private static double Score(int[] ranks, int k)
    {
        double score = 0;
        foreach (int rank in ranks)
        {
            score += rank == 0 ? 0 : 1.0 / (k + rank);
        }

        return score;
    }
}
