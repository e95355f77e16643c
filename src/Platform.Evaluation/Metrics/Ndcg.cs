namespace Platform.Evaluation.Metrics;

/// <summary>nDCG: gain over log2(rank + 1), summed, over the same sum of the ideal ranking of all judged documents.</summary>
/// <remarks>Järvelin and Kekäläinen, TOIS 2002, doi:10.1145/582415.582418, with trec_eval's discount: rank 1 counts whole.</remarks>
internal static class Ndcg
{
    public static double Of(JudgedRanking ranking, Gains gains, int depth = int.MaxValue)
    {
        ReadOnlySpan<int> grades = ranking.Grades[..Math.Min(depth, ranking.RetrievedCount)];
        double sum = 0;
        for (int position = 0; position < grades.Length; position++)
        {
            double gain = gains.Of(grades[position]);
            if (gain != 0)
            {
                sum += gain / Discount(position);
            }
        }

        double ideal = IdealSum(ranking, gains, depth);
        return ideal > 0 ? sum / ideal : 0;
    }

    /// <summary>The mean of nDCG over the ranks of the relevant documents, those not returned at the last rank.</summary>
    public static double AtRelevantRanks(JudgedRanking ranking)
    {
        double total = 0;
        double sum = 0;
        double ideal = 0;
        int retrieved = 0;
        int relevant = 0;
        Gains.Ideal gains = Gains.ByGrade.IdealOf(ranking);
        for (int position = 0; position < ranking.RetrievedCount; position++)
        {
            double best = gains.Next();
            ideal += best / Discount(position);
            relevant += best > 0 ? 1 : 0;
            int grade = ranking.Grades[position];
            if (grade > 0)
            {
                sum += grade / Discount(position);
                total += sum / ideal;
                retrieved++;
            }
        }

        int rank = ranking.RetrievedCount;
        for (double best = gains.Next(); best > 0; best = gains.Next())
        {
            ideal += best / Discount(rank++);
            relevant++;
        }

        return relevant == 0 ? 0 : (total + ((relevant - retrieved) * sum / ideal)) / relevant;
    }

    /// <summary>The mean of nDCG at the ranks where the ideal ranking moves to a lower grade, and at the last rank.</summary>
    public static double AtLevels(JudgedRanking ranking)
    {
        if (ranking.RelevantCount == 0)
        {
            return 0;
        }

        double total = 0;
        double sum = 0;
        double ideal = 0;
        int points = 0;
        int position = 0;
        Gains.Ideal gains = Gains.ByGrade.IdealOf(ranking);
        double previous = double.NaN;
        while (previous != 0)
        {
            double best = gains.Next();
            if (best != previous && ideal > 0)
            {
                total += sum / ideal;
                points++;
            }

            previous = best;
            sum += GainAt(ranking, position);
            ideal += best / Discount(position);
            position++;
        }

        if (position < ranking.RetrievedCount)
        {
            while (position < ranking.RetrievedCount)
            {
                sum += GainAt(ranking, position++);
            }

            total += sum / ideal;
            points++;
        }

        return total / points;
    }

    private static double GainAt(JudgedRanking ranking, int position) =>
        position < ranking.RetrievedCount && ranking.Grades[position] > 0 ? ranking.Grades[position] / Discount(position) : 0;

    private static double IdealSum(JudgedRanking ranking, Gains gains, int depth)
    {
        double sum = 0;
        Gains.Ideal ideal = gains.IdealOf(ranking);
        for (int position = 0; position < depth; position++)
        {
            double gain = ideal.Next();
            if (gain <= 0)
            {
                break;
            }

            sum += gain / Discount(position);
        }

        return sum;
    }

    private static double Discount(int position) => Math.Log2(position + 2);
}
