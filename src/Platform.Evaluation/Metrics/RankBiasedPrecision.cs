namespace Platform.Evaluation.Metrics;

/// <summary>RBP: the expected gain of a reader who goes on to the next result with probability 0.9.</summary>
/// <remarks>Moffat and Zobel, TOIS 2008, doi:10.1145/1416950.1416952. Grades are scaled to at most 1 by the query's highest.</remarks>
internal static class RankBiasedPrecision
{
    private const double Persistence = 0.9;

    public static double Of(JudgedRanking ranking)
    {
        double highest = Math.Max(1, ranking.LevelCounts.Length - 1);
        double sum = 0;
        double weight = 1;
        ReadOnlySpan<int> grades = ranking.Grades;
        for (int position = 0; position < grades.Length; position++)
        {
            sum += grades[position] > 0 ? grades[position] / highest * weight : 0;
            weight *= Persistence;
        }

        return (1 - Persistence) * sum;
    }

    /// <summary>What the unjudged results could add at most, with all that lies below the last result.</summary>
    public static double Residual(JudgedRanking ranking)
    {
        double sum = 0;
        double weight = 1;
        ReadOnlySpan<int> grades = ranking.Grades;
        for (int position = 0; position < grades.Length; position++)
        {
            sum += grades[position] < 0 ? weight : 0;
            weight *= Persistence;
        }

        return sum > 0 ? weight + ((1 - Persistence) * sum) : 0;
    }
}
