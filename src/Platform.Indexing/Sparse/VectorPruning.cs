namespace Platform.Indexing.Sparse;

/// <summary>Index-time pruning of a vector: its strongest terms, above a threshold.</summary>
public static class VectorPruning
{
    /// <summary>Keeps the strongest terms, by absolute weight; of equal ones those of lower term id.</summary>
    /// <param name="termIds">Term ids, ascending.</param>
    /// <param name="weights">One a term.</param>
    /// <param name="most">How many at most; 0 for all.</param>
    /// <param name="minWeight">Absolute weights below this are dropped; 0 for none.</param>
    /// <returns>What is kept, term ids ascending.</returns>
    public static (int[] TermIds, float[] Weights) Keep(ReadOnlySpan<int> termIds, ReadOnlySpan<float> weights, int most, double minWeight)
    {
        List<int> kept = new(termIds.Length);
        for (int i = 0; i < termIds.Length; i++)
        {
            if (Math.Abs(weights[i]) >= minWeight)
            {
                kept.Add(i);
            }
        }

        if (most > 0 && kept.Count > most)
        {
            float[] strengths = new float[termIds.Length];
            for (int i = 0; i < strengths.Length; i++)
            {
                strengths[i] = Math.Abs(weights[i]);
            }

            kept.Sort((a, b) => strengths[a] != strengths[b] ? strengths[b].CompareTo(strengths[a]) : a.CompareTo(b));
            kept.RemoveRange(most, kept.Count - most);
            kept.Sort();
        }

        int[] keptIds = new int[kept.Count];
        float[] keptWeights = new float[kept.Count];
        for (int i = 0; i < keptIds.Length; i++)
        {
            keptIds[i] = termIds[kept[i]];
            keptWeights[i] = weights[kept[i]];
        }

        return (keptIds, keptWeights);
    }
}
