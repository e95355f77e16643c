using System.Globalization;

namespace Platform.Evaluation.Metrics;

/// <summary>trec_eval's measures with its default parameters, in the order of its output.</summary>
internal static class TrecEvalCatalog
{
    private static readonly int[] Depths = [5, 10, 15, 20, 30, 100, 200, 500, 1000];
    private static readonly double[] Recalls = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];
    private static readonly double[] Multiples = [0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0];

    public static IReadOnlyList<Measure> Default { get; } =
    [
        Of("num_ret", ranking => ranking.RetrievedCount, MeasureMean.Sum),
        Of("num_rel", ranking => ranking.RelevantCount, MeasureMean.Sum),
        Of("num_rel_ret", ranking => ranking.RelevantRetrieved, MeasureMean.Sum),
        Measures.Map,
        Of("gm_map", AveragePrecision.Logarithm, MeasureMean.Geometric),
        Of("Rprec", Precision.AtR),
        Of("bpref", BinaryPreference.Of),
        Measures.Mrr,
        .. Recalls.Select(InterpolatedPrecisionAt),
        .. Depths.Select(Measures.PrecisionAt),
    ];

    public static IReadOnlyList<Measure> All { get; } =
    [
        .. Default,
        .. Depths.Select(Measures.RecallAt),
        Of("infAP", InferredAveragePrecision.Of),
        Of("gm_bpref", BinaryPreference.Logarithm, MeasureMean.Geometric),
        .. Multiples.Select(RPrecisionAtMultiple),
        Utility("utility", 1, -1, 0),
        InterpolatedAverage("11pt_avg", Recalls),
        Of("binG", NormalizedGain.Binary),
        Of("G", NormalizedGain.Of),
        Measures.FullNdcg,
        Of("ndcg_rel", Ndcg.AtRelevantRanks),
        Of("Rndcg", Ndcg.AtLevels),
        .. Depths.Select(Measures.NdcgAt),
        .. Depths.Select(Measures.MapAt),
        .. Depths.Select(depth => At("relative_P", depth, Precision.RelativeAt)),
        Measures.SuccessAt(1), Measures.SuccessAt(5), Measures.SuccessAt(10),
        Of("set_P", SetMeasures.Precision),
        Of("set_relative_P", SetMeasures.RelativePrecision),
        Of("set_recall", SetMeasures.Recall),
        Of("set_map", SetMeasures.AveragePrecision),
        Of("set_F", SetMeasures.F1),
        Of("num_nonrel_judged_ret", SetMeasures.NonrelevantJudgedRetrieved, MeasureMean.Sum),
        Of("rbp", RankBiasedPrecision.Of),
        Of("rbp_resid", RankBiasedPrecision.Residual),
        At("unj", 5, Precision.UnjudgedAt), At("unj", 10, Precision.UnjudgedAt), At("unj", 20, Precision.UnjudgedAt),
    ];

    public static Measure InterpolatedPrecisionAt(double recall) =>
        Of(Name("iprec_at_recall", recall), ranking => InterpolatedPrecision.AtRecall(ranking, recall));

    public static Measure RPrecisionAtMultiple(double multiple) =>
        Of(Name("Rprec_mult", multiple), ranking => Precision.AtMultipleOfR(ranking, multiple));

    public static Measure InterpolatedAverage(string name, double[] recalls) =>
        Of(name, ranking => InterpolatedPrecision.Average(ranking, recalls));

    public static Measure Utility(string name, double relevantWorth, double otherWorth, double missedWorth) =>
        Of(name, ranking => SetMeasures.Utility(ranking, relevantWorth, otherWorth, missedWorth));

    public static Measure NdcgWithGains(string name, Gains gains) => Of(name, ranking => Ndcg.Of(ranking, gains));

    private static Measure At(string name, int depth, Func<JudgedRanking, int, double> of) =>
        Of(string.Create(CultureInfo.InvariantCulture, $"{name}_{depth}"), ranking => of(ranking, depth));

    private static string Name(string name, double parameter) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}_{parameter:F2}");

    private static Measure Of(string name, Func<JudgedRanking, double> of, MeasureMean mean = MeasureMean.Arithmetic) =>
        new(name, name, of, mean);
}
