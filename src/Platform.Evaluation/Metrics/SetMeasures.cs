namespace Platform.Evaluation.Metrics;

/// <summary>Measures of the returned set, whatever its order, and the counts themselves.</summary>
internal static class SetMeasures
{
    public static double Precision(JudgedRanking ranking) => Ratio(ranking.RelevantRetrieved, ranking.RetrievedCount);

    public static double Recall(JudgedRanking ranking) => Ratio(ranking.RelevantRetrieved, ranking.RelevantCount);

    public static double RelativePrecision(JudgedRanking ranking) =>
        Ratio(ranking.RelevantRetrieved, Math.Min(ranking.RetrievedCount, ranking.RelevantCount));

    /// <summary>Precision times recall: average precision if nothing were known of the order.</summary>
    public static double AveragePrecision(JudgedRanking ranking)
    {
        double relevant = ranking.RelevantRetrieved;
        return Ratio(relevant * relevant, (double)ranking.RetrievedCount * ranking.RelevantCount);
    }

    /// <summary>F1: the harmonic mean of precision and recall.</summary>
    public static double F1(JudgedRanking ranking)
    {
        double precision = Precision(ranking);
        double recall = Recall(ranking);
        return Ratio(2 * precision * recall, precision + recall);
    }

    /// <summary>Sum of what a returned relevant, returned other, and missed relevant document are worth.</summary>
    public static double Utility(JudgedRanking ranking, double relevantWorth, double otherWorth, double missedWorth) =>
        (relevantWorth * ranking.RelevantRetrieved)
        + (otherWorth * (ranking.RetrievedCount - ranking.RelevantRetrieved))
        + (missedWorth * (ranking.RelevantCount - ranking.RelevantRetrieved));

    public static double NonrelevantJudgedRetrieved(JudgedRanking ranking)
    {
        int count = 0;
        ReadOnlySpan<int> grades = ranking.Grades;
        for (int position = 0; position < grades.Length; position++)
        {
            count += grades[position] >= 0 && !ranking.IsRelevant(position) ? 1 : 0;
        }

        return count;
    }

    private static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;
}
