namespace Platform.Indexing.Sparse;

/// <summary>A sparse query in integers, so that scores add up exactly in any order and on any shard.</summary>
/// <param name="TermIds">Term ids, ascending, each once.</param>
/// <param name="Impacts">Quantised weights, -<see cref="MaxImpact"/> to <see cref="MaxImpact"/>, one a term, none 0.</param>
/// <param name="Scale">Query weight of one impact step.</param>
public sealed record ImpactQuery(IReadOnlyList<int> TermIds, IReadOnlyList<int> Impacts, double Scale)
{
    /// <summary>The largest query impact. 4,096 terms · 255 · 1,023 stays below 2^31.</summary>
    public const int MaxImpact = 1023;

    /// <summary>Quantises a query linearly so that its largest weight becomes <see cref="MaxImpact"/>; weights that round to 0 are left out.</summary>
    /// <param name="termIds">Term ids, ascending, each once.</param>
    /// <param name="weights">Finite weights, at least one not 0.</param>
    public static ImpactQuery Quantise(ReadOnlySpan<int> termIds, ReadOnlySpan<float> weights)
    {
        double largest = 0;
        foreach (float weight in weights)
        {
            largest = Math.Max(largest, Math.Abs((double)weight));
        }

        double scale = largest / MaxImpact;
        List<int> ids = new(termIds.Length);
        List<int> impacts = new(termIds.Length);
        for (int i = 0; i < termIds.Length; i++)
        {
            int impact = scale == 0 ? 0 : (int)Math.Round(weights[i] / scale, MidpointRounding.AwayFromZero);
            if (impact != 0)
            {
                ids.Add(termIds[i]);
                impacts.Add(impact);
            }
        }

        return new ImpactQuery(ids, impacts, scale);
    }
}
