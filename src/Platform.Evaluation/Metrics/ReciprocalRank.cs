namespace Platform.Evaluation.Metrics;

/// <summary>One over the rank of the first relevant result; 0 where none stands within the depth.</summary>
internal static class ReciprocalRank
{
    public static double Of(JudgedRanking ranking, int depth = int.MaxValue)
    {
        int end = Math.Min(depth, ranking.RetrievedCount);
        for (int position = 0; position < end; position++)
        {
            if (ranking.IsRelevant(position))
            {
                return 1.0 / (position + 1);
            }
        }

        return 0;
    }
}
