namespace Platform.Evaluation.Metrics;

/// <summary>bpref: how seldom judged nonrelevant documents stand above relevant ones; unjudged documents do not count.</summary>
/// <remarks>Buckley and Voorhees, SIGIR 2004, doi:10.1145/1008992.1009000, with trec_eval's bound min(R, N).</remarks>
internal static class BinaryPreference
{
    public static double Of(JudgedRanking ranking)
    {
        double sum = 0;
        int nonrelevantAbove = 0;
        double bound = Math.Min(ranking.NonrelevantCount, ranking.RelevantCount);
        ReadOnlySpan<int> grades = ranking.Grades;
        for (int position = 0; position < grades.Length; position++)
        {
            if (grades[position] < 0)
            {
                continue;
            }

            if (!ranking.IsRelevant(position))
            {
                nonrelevantAbove++;
            }
            else
            {
                sum += nonrelevantAbove == 0 ? 1 : 1 - (Math.Min(nonrelevantAbove, ranking.RelevantCount) / bound);
            }
        }

        return ranking.RelevantCount == 0 ? 0 : sum / ranking.RelevantCount;
    }

    public static double Logarithm(JudgedRanking ranking) =>
        Math.Log(Math.Max(Of(ranking), AveragePrecision.GeometricFloor));
}
