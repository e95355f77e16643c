namespace Platform.Evaluation.Significance;

/// <summary>Corrects p-values of several comparisons made at once; Holm 1979, Scandinavian Journal of Statistics 6(2).</summary>
public static class HolmBonferroni
{
    /// <summary>The smallest family-wise error rate at which each comparison would be found significant.</summary>
    /// <param name="pValues">One a comparison, 0 to 1.</param>
    /// <returns>As many, in the same order; each at least as large as before and at most 1.</returns>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        double[] adjusted = new double[pValues.Count];
        double largest = 0;
        int left = pValues.Count;
        foreach (int i in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]))
        {
            largest = Math.Max(largest, Math.Min(1, pValues[i] * left--));
            adjusted[i] = largest;
        }

        return adjusted;
    }
}
