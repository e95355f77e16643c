namespace Platform.Evaluation.Metrics;

/// <summary>Average precision: precision at each relevant result, summed, divided by the number of relevant documents.</summary>
internal static class AveragePrecision
{
    /// <summary>The least value that a geometric mean takes for a query, so that one zero is not the whole mean.</summary>
    /// <remarks>trec_eval's MIN_GEO_MEAN.</remarks>
    public const double GeometricFloor = .00001;

    public static double Of(JudgedRanking ranking, int depth = int.MaxValue)
    {
        double sum = 0;
        int relevant = 0;
        int end = Math.Min(depth, ranking.RetrievedCount);
        for (int position = 0; position < end; position++)
        {
            if (ranking.IsRelevant(position))
            {
                relevant++;
                sum += (double)relevant / (position + 1);
            }
        }

        return relevant == 0 ? 0 : sum / ranking.RelevantCount;
    }

    public static double Logarithm(JudgedRanking ranking) => Math.Log(Math.Max(Of(ranking), GeometricFloor));
}
