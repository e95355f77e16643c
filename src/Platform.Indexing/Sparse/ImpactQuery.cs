namespace Platform.Indexing.Sparse;

/// <summary>A sparse query in integers, so that scores add up exactly in any order and on any shard.</summary>
/// <param name="TermIds">Term ids, ascending, each once.</param>
/// <param name="Impacts">Quantised weights, -<see cref="MaxImpact"/> to <see cref="MaxImpact"/>, one a term, none 0.</param>
/// <param name="Scale">Query weight of one impact step.</param>
public sealed record ImpactQuery(IReadOnlyList<int> TermIds, IReadOnlyList<int> Impacts, double Scale)
{
    /// <summary>The largest query impact; a query of more than 8,232 terms has smaller ones, so that terms · 255 · impact stays below 2^31.</summary>
    public const int MaxImpact = 1023;

    /// <summary>Quantises a query linearly so that its largest weight becomes <see cref="MaxImpact"/>; weights that round to 0 are left out.</summary>
    /// <param name="termIds">Term ids, ascending, each once.</param>
    /// <param name="weights">Finite weights; if all are 0, the query has no terms and finds nothing.</param>
    public static ImpactQuery Quantise(ReadOnlySpan<int> termIds, ReadOnlySpan<float> weights)
    {
        double largest = 0;
        foreach (float weight in weights)
        {
            largest = Math.Max(largest, Math.Abs((double)weight));
        }

        double scale = largest / Math.Min(MaxImpact, int.MaxValue / 255 / Math.Max(1, termIds.Length));
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

    /// <summary>Query-term pruning: keeps the strongest terms that together hold a share of the query's weight.</summary>
    /// <param name="share">Above 0 and at most 1; 1 keeps all. Terms as strong as the weakest kept one are kept too.</param>
    public ImpactQuery KeepShare(double share)
    {
        if (share >= 1)
        {
            return this;
        }

        int[] strengths = [.. Impacts.Select(Math.Abs).OrderDescending()];
        double wanted = strengths.Sum(strength => (long)strength) * share;
        long sum = 0;
        int least = 0;
        for (int i = 0; i < strengths.Length && sum < wanted; i++)
        {
            least = strengths[i];
            sum += least;
        }

        int[] kept = [.. Enumerable.Range(0, Impacts.Count).Where(i => Math.Abs(Impacts[i]) >= least)];
        return this with { TermIds = [.. kept.Select(i => TermIds[i])], Impacts = [.. kept.Select(i => Impacts[i])] };
    }
}
