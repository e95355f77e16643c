namespace Platform.Evaluation.Metrics;

/// <summary>trec_eval's G and binG: a result's gain is discounted by how much gain was missed above it.</summary>
internal static class NormalizedGain
{
    /// <summary>G, with graded gains.</summary>
    public static double Of(JudgedRanking ranking)
    {
        double sum = 0;
        double gained = 0;
        double possible = 0;
        double idealSum = 0;
        Gains.Ideal ideal = Gains.ByGrade.IdealOf(ranking);
        ReadOnlySpan<int> grades = ranking.Grades;
        for (int position = 0; position < grades.Length; position++)
        {
            double best = ideal.Next();
            idealSum += best;
            possible += Math.Max(best, 1); // beyond the ideal ranking a rank still costs one
            int gain = Math.Max(grades[position], 0);
            gained += gain;
            if (gain > 0)
            {
                sum += gain / Math.Log2(2 + possible - gained);
            }
        }

        for (double best = ideal.Next(); best > 0; best = ideal.Next())
        {
            idealSum += best;
        }

        return idealSum > 0 ? sum / idealSum : 0;
    }

    /// <summary>binG, with binary relevance: the discount is the nonrelevant results above.</summary>
    public static double Binary(JudgedRanking ranking)
    {
        double sum = 0;
        int relevant = 0;
        for (int position = 0; position < ranking.RetrievedCount; position++)
        {
            if (ranking.IsRelevant(position))
            {
                relevant++;
                sum += 1 / Math.Log2(3 + position - relevant);
            }
        }

        return relevant == 0 ? 0 : sum / ranking.RelevantCount;
    }
}
