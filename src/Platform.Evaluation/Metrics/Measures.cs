using System.Globalization;

namespace Platform.Evaluation.Metrics;

/// <summary>The measures, by name. Ranks are as trec_eval's: score descending, ties by document id descending.</summary>
public static class Measures
{
    /// <summary>The six of our reports: nDCG@10, MRR@10, MAP, Recall@100, Recall@1000, P@10.</summary>
    public static IReadOnlyList<Measure> Standard { get; } =
        [NdcgAt(10), MrrAt(10), Map, RecallAt(100), RecallAt(1000), PrecisionAt(10)];

    /// <summary>trec_eval's default output, in its order.</summary>
    public static IReadOnlyList<Measure> TrecEvalDefault => TrecEvalCatalog.Default;

    /// <summary>All of trec_eval's <c>-m all_trec</c>, in its order.</summary>
    public static IReadOnlyList<Measure> TrecEvalAll => TrecEvalCatalog.All;

    /// <summary>Mean average precision, of all results.</summary>
    public static Measure Map => new("MAP", "map", ranking => AveragePrecision.Of(ranking));

    /// <summary>Reciprocal rank of the first relevant result, however deep.</summary>
    public static Measure Mrr => new("MRR", "recip_rank", ranking => ReciprocalRank.Of(ranking));

    /// <summary>nDCG of all results.</summary>
    public static Measure FullNdcg => new("nDCG", "ndcg", ranking => Ndcg.Of(ranking, Gains.ByGrade));

    /// <summary>nDCG of the first <paramref name="depth"/> results; a grade's gain is the grade.</summary>
    public static Measure NdcgAt(int depth) =>
        At("nDCG@", "ndcg_cut_", depth, ranking => Ndcg.Of(ranking, Gains.ByGrade, depth));

    /// <summary>Reciprocal rank of the first relevant result within <paramref name="depth"/>; trec_eval's recip_rank with -M.</summary>
    public static Measure MrrAt(int depth) => At("MRR@", null, depth, ranking => ReciprocalRank.Of(ranking, depth));

    /// <summary>Average precision of the first <paramref name="depth"/> results, over all relevant documents.</summary>
    public static Measure MapAt(int depth) => At("MAP@", "map_cut_", depth, ranking => AveragePrecision.Of(ranking, depth));

    /// <summary>The part of the relevant documents within <paramref name="depth"/>.</summary>
    public static Measure RecallAt(int depth) => At("Recall@", "recall_", depth, ranking => Precision.RecallAt(ranking, depth));

    /// <summary>The part of the first <paramref name="depth"/> results that is relevant.</summary>
    public static Measure PrecisionAt(int depth) => At("P@", "P_", depth, ranking => Precision.At(ranking, depth));

    /// <summary>1 where a relevant document stands within <paramref name="depth"/>, else 0.</summary>
    public static Measure SuccessAt(int depth) => At("Success@", "success_", depth, ranking => Precision.SuccessAt(ranking, depth));

    /// <summary>Finds a measure by our name (<c>nDCG@20</c>, any case) or trec_eval's (<c>ndcg_cut_20</c>).</summary>
    /// <exception cref="ArgumentException">No measure has the name; the message lists those that exist.</exception>
    public static Measure Parse(string name) =>
        TryParseAt(name) ?? Named.FirstOrDefault(measure => IsNamed(measure, name))
        ?? throw new ArgumentException(
            $"No measure is named '{name}'. Known are {string.Join(", ", Prefixes.Select(prefix => prefix.Ours + "K"))} " +
            $"for any depth K of 1 or more, and {string.Join(", ", Named.Select(measure => measure.Name).Distinct())}.",
            nameof(name));

    private static IEnumerable<Measure> Named => [Map, Mrr, FullNdcg, .. TrecEvalCatalog.All];

    private static (string Ours, string? TrecEvals, Func<int, Measure> At)[] Prefixes =>
    [
        ("nDCG@", "ndcg_cut_", NdcgAt), ("MRR@", null, MrrAt), ("MAP@", "map_cut_", MapAt),
        ("Recall@", "recall_", RecallAt), ("P@", "P_", PrecisionAt), ("Success@", "success_", SuccessAt),
    ];

    private static bool IsNamed(Measure measure, string name) =>
        string.Equals(measure.Name, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(measure.TrecEvalName, name, StringComparison.Ordinal);

    private static Measure? TryParseAt(string name)
    {
        foreach ((string ours, string? trecEvals, Func<int, Measure> at) in Prefixes)
        {
            string? prefix = name.StartsWith(ours, StringComparison.OrdinalIgnoreCase) ? ours
                : trecEvals is not null && name.StartsWith(trecEvals, StringComparison.Ordinal) ? trecEvals
                : null;
            if (prefix is not null
                && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int depth)
                && depth > 0)
            {
                return at(depth);
            }
        }

        return null;
    }

    private static Measure At(string ours, string? trecEvals, int depth, Func<JudgedRanking, double> of)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        return new(Invariant(ours, depth), trecEvals is null ? null : Invariant(trecEvals, depth), of);
    }

    private static string Invariant(string prefix, int depth) => prefix + depth.ToString(CultureInfo.InvariantCulture);
}
