using Platform.Evaluation.Metrics;
using Platform.Evaluation.Runs;
using Platform.Testing;

namespace Platform.Evaluation.Tests.Metrics;

/// <summary>Our text output against trec_eval's, line by line; the number of lines compared is asserted too.</summary>
public sealed class TrecEvalAgreementTests
{
    /// <summary>What trec_eval printed that we do not compare: its z-scores need a file that the test data lack.</summary>
    private static readonly string[] FilesNotCompared = ["out.test.aqZ"];

    private static readonly double[] Recalls = [.10, .20, .25, .50, .75];
    private static readonly double[] Multiples = [.2, .35, 5];

    [TestDataTheory]
    [InlineData("out.test", "qrels.test", "results.test", 30)]
    [InlineData("out.comment.test", "qrels.comment.test", "results.comment.test", 30)]
    public void Default_output_equals_trec_evals(string expected, string qrels, string results, int lineCount) =>
        AssertSame(expected, lineCount, Evaluate(qrels, results, Measures.TrecEvalDefault, EvaluationOptions.TrecEval),
            perQuery: false);

    [TestDataFact]
    public void All_measures_equal_trec_evals() =>
        AssertSame("out.test.a", 99, Evaluate("qrels.test", "results.test", Measures.TrecEvalAll, EvaluationOptions.TrecEval),
            perQuery: false);

    [TestDataFact]
    public void All_measures_of_each_query_equal_trec_evals() =>
        AssertSame("out.test.aq", 387, Evaluate("qrels.test", "results.test", Measures.TrecEvalAll, EvaluationOptions.TrecEval));

    [TestDataFact]
    public void Judged_queries_without_results_count_as_in_trec_eval() =>
        AssertSame("out.test.aqc", 387, Evaluate("qrels.test", "results.trunc", Measures.TrecEvalAll, new()));

    [TestDataFact]
    public void A_maximum_of_results_a_query_counts_as_in_trec_eval() =>
        AssertSame("out.test.aqcM", 387,
            Evaluate("qrels.test", "results.trunc", Measures.TrecEvalAll, new() { MaxResultsPerQuery = 100 }));

    [TestDataFact]
    public void A_relevance_level_counts_as_in_trec_eval() =>
        AssertSame("out.test.aql", 387,
            Evaluate("qrels.rel_level", "results.test", Measures.TrecEvalAll,
                EvaluationOptions.TrecEval with { RelevanceLevel = 2, RelevanceStringLength = 20 }),
            relevanceStringName: "relstring_20");

    [TestDataTheory]
    [InlineData("cranfield", 21_699)]
    [InlineData("scifact", 28_899)]
    public void Real_runs_score_as_in_trec_eval(string name, int lineCount)
    {
        TrecRun run = TrecRun.Read(TestData.PathOf("eval", "golden", $"bm25.{name}.run"));
        Qrels qrels = Qrels.Read(TestData.PathOf("eval", "golden", $"qrels.{name}.trec"));
        RunEvaluation evaluation = RunEvaluator.Evaluate(run, qrels, Measures.TrecEvalAll);

        AssertSame(Path.Combine("..", "golden", $"trec_eval.{name}.txt"), lineCount, evaluation);
    }

    [TestDataFact]
    public void Parameters_of_measures_count_as_in_trec_eval()
    {
        Measure[] measures =
        [
            .. Recalls.Select(TrecEvalCatalog.InterpolatedPrecisionAt),
            Measures.PrecisionAt(3), Measures.PrecisionAt(5), Measures.PrecisionAt(7),
            Measures.RecallAt(20), Measures.RecallAt(2000),
            .. Multiples.Select(TrecEvalCatalog.RPrecisionAtMultiple),
            TrecEvalCatalog.Utility("utility_2,-1,0,0", 2, -1, 0),
            TrecEvalCatalog.InterpolatedAverage("11pt_avg_.25,.5,.75", [.25, .5, .75]),
            TrecEvalCatalog.NdcgWithGains("ndcg_1=3,2=9,4=4.5", new Gains(new Dictionary<int, double> { [1] = 3, [2] = 9, [4] = 4.5 })),
            Measures.NdcgAt(10), Measures.NdcgAt(20), Measures.NdcgAt(23),
            Measures.SuccessAt(2), Measures.SuccessAt(5), Measures.SuccessAt(20),
        ];
        RunEvaluation evaluation = Evaluate("qrels.test", "results.test", measures, EvaluationOptions.TrecEval);

        string[] ours = [.. Text(evaluation, perQuery: true, null).Where(line => !line.StartsWith("runid", StringComparison.Ordinal)
            && !line.StartsWith("num_q", StringComparison.Ordinal))];
        Assert.Equal(File.ReadAllLines(TestData.PathOf("eval", "trec_eval", "out.test.meas_params")), ours);
        Assert.Equal(88, ours.Length);
    }

    [TestDataFact]
    public void No_output_of_trec_eval_is_left_out_unnamed()
    {
        string[] compared =
            ["out.test", "out.comment.test", "out.test.a", "out.test.aq", "out.test.aqc", "out.test.aqcM", "out.test.aql",
             "out.test.meas_params"];
        string[] all = [.. Directory.GetFiles(TestData.PathOf("eval", "trec_eval"), "out.*").Select(file => Path.GetFileName(file))];

        Assert.Equal(all.Order(StringComparer.Ordinal), compared.Concat(FilesNotCompared).Order(StringComparer.Ordinal));
    }

    private static RunEvaluation Evaluate(
        string qrels, string results, IReadOnlyList<Measure> measures, EvaluationOptions options) =>
        RunEvaluator.Evaluate(
            TrecRun.Read(TestData.PathOf("eval", "trec_eval", results)),
            Qrels.Read(TestData.PathOf("eval", "trec_eval", qrels)), measures, options);

    private static void AssertSame(
        string expected, int lineCount, RunEvaluation evaluation, bool perQuery = true, string? relevanceStringName = "relstring")
    {
        string[] theirs = File.ReadAllLines(TestData.PathOf("eval", "trec_eval", expected));
        string[] ours = Text(evaluation, perQuery, relevanceStringName);

        Assert.Equal(lineCount, theirs.Length);
        string[] different = [.. theirs.Zip(ours).Where(pair => !string.Equals(pair.First, pair.Second, StringComparison.Ordinal))
            .Select(pair => $"trec_eval: {pair.First} | ours: {pair.Second}").Take(20)];
        Assert.True(different.Length == 0, string.Join('\n', different));
        Assert.Equal(theirs.Length, ours.Length);
    }

    private static string[] Text(RunEvaluation evaluation, bool perQuery, string? relevanceStringName)
    {
        using StringWriter writer = new();
        TrecEvalText.Write(writer, evaluation, perQuery, relevanceStringName);
        return writer.ToString().TrimEnd('\n').Split('\n');
    }
}
