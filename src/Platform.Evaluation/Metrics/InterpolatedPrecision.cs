namespace Platform.Evaluation.Metrics;

/// <summary>Interpolated precision: the highest precision at or below the rank where a recall is reached.</summary>
internal static class InterpolatedPrecision
{
    /// <param name="ranking">The query.</param>
    /// <param name="recall">0 to 1; rounded to a whole number of relevant documents, half away from zero.</param>
    public static double AtRecall(JudgedRanking ranking, double recall)
    {
        int needed = (int)Math.Round(recall * ranking.RelevantCount, MidpointRounding.AwayFromZero);
        if (needed > ranking.RelevantRetrieved || ranking.RetrievedCount == 0)
        {
            return 0;
        }

        // From the last rank upwards: the maximum so far is the interpolation.
        int relevant = ranking.RelevantRetrieved;
        double best = (double)relevant / ranking.RetrievedCount;
        for (int rank = ranking.RetrievedCount; rank > 0 && relevant > 0; rank--)
        {
            best = Math.Max(best, (double)relevant / rank);
            if (ranking.IsRelevant(rank - 1))
            {
                if (relevant == needed)
                {
                    return best;
                }

                relevant--;
            }
        }

        return best;
    }

    public static double Average(JudgedRanking ranking, ReadOnlySpan<double> recalls)
    {
        double sum = 0;
        for (int i = recalls.Length - 1; i >= 0; i--)
        {
            sum += AtRecall(ranking, recalls[i]);
        }

        return sum / recalls.Length;
    }
}
