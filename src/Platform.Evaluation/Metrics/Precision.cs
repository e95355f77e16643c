namespace Platform.Evaluation.Metrics;

/// <summary>Counts of relevant results within a depth, over what they could be. Missing results count as not relevant.</summary>
internal static class Precision
{
    public static double At(JudgedRanking ranking, int depth) => (double)ranking.RelevantWithin(depth) / depth;

    /// <summary>Precision over the best that is possible at the depth.</summary>
    public static double RelativeAt(JudgedRanking ranking, int depth) =>
        Ratio(ranking.RelevantWithin(depth), Math.Min(depth, ranking.RelevantCount));

    public static double RecallAt(JudgedRanking ranking, int depth) =>
        Ratio(ranking.RelevantWithin(depth), ranking.RelevantCount);

    /// <summary>1 where a relevant document stands within the depth.</summary>
    public static double SuccessAt(JudgedRanking ranking, int depth) => ranking.RelevantWithin(depth) > 0 ? 1 : 0;

    /// <summary>Precision at as many results as there are relevant documents.</summary>
    public static double AtR(JudgedRanking ranking) => RecallAt(ranking, ranking.RelevantCount);

    /// <summary>Precision at a multiple of the number of relevant documents, trec_eval's Rprec_mult.</summary>
    /// <remarks>The depth is rounded as trec_eval rounds it: 0.9 is added, then truncated.</remarks>
    public static double AtMultipleOfR(JudgedRanking ranking, double multiple)
    {
        int depth = (int)((multiple * ranking.RelevantCount) + 0.9);
        return Ratio(ranking.RelevantWithin(depth), depth);
    }

    /// <summary>The part of the first results that nobody judged.</summary>
    public static double UnjudgedAt(JudgedRanking ranking, int depth)
    {
        ReadOnlySpan<int> grades = ranking.Grades[..Math.Min(depth, ranking.RetrievedCount)];
        int unjudged = 0;
        for (int position = 0; position < grades.Length; position++)
        {
            unjudged += grades[position] < 0 ? 1 : 0;
        }

        return (double)unjudged / depth;
    }

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
