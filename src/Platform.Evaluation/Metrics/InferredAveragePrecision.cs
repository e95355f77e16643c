namespace Platform.Evaluation.Metrics;

/// <summary>infAP: average precision estimated from judgements of a random sample of the pool.</summary>
/// <remarks>Yilmaz and Aslam, CIKM 2006, doi:10.1145/1183614.1183633. A negative grade in the qrels is a pooled document
/// that was not sampled.</remarks>
internal static class InferredAveragePrecision
{
    private const double Epsilon = .00001; // trec_eval's INFAP_EPSILON, for ranks above which nothing was judged

    public static double Of(JudgedRanking ranking)
    {
        double sum = 0;
        int relevant = 0;
        int nonrelevant = 0;
        int unjudged = 0;
        ReadOnlySpan<int> grades = ranking.Grades;
        for (int position = 0; position < grades.Length; position++)
        {
            if (grades[position] == JudgedRanking.Unjudged)
            {
                unjudged++;
            }
            else if (grades[position] >= 0 && !ranking.IsRelevant(position))
            {
                nonrelevant++;
            }
            else if (grades[position] >= 0)
            {
                sum += position == 0 ? 1 : ExpectedPrecision(position, relevant, nonrelevant, unjudged);
                relevant++;
            }
        }

        return ranking.RelevantCount == 0 ? 0 : sum / ranking.RelevantCount;
    }

    /// <summary>Expected precision at a relevant result, from the judged and pooled documents above it.</summary>
    private static double ExpectedPrecision(double above, int relevant, int nonrelevant, int unjudged)
    {
        double pooledPart = (relevant + nonrelevant + unjudged) / above;
        double relevantPart = (relevant + Epsilon) / (relevant + nonrelevant + (2 * Epsilon));
        return (1 / (above + 1)) + (above / (above + 1) * pooledPart * relevantPart);
    }
}
