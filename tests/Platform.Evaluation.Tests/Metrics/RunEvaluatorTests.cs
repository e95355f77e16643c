using CsCheck;
using Platform.Evaluation.Metrics;
using Platform.Evaluation.Runs;
using Platform.Testing;

namespace Platform.Evaluation.Tests.Metrics;

public sealed class RunEvaluatorTests
{
    // Few ids and few scores: ties, repeated grades and unjudged documents in nearly every sample; é sorts by bytes.
    private static readonly Gen<string> Ids = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 40], (letter, n) => $"{"déZz"[letter]}{n}");

    private static readonly Gen<RunResult[]> Results =
        Gen.Select(Ids, Gen.Int[-2, 4], (id, score) => new RunResult(id, score / 3.0)).Array[0, 60]
            .Select(results => results.DistinctBy(result => result.DocumentId).ToArray());

    private static readonly Gen<Judgement[]> Judgements =
        Gen.Select(Ids, Gen.Int[-1, 3], (id, grade) => new Judgement(id, grade)).Array[1, 40]
            .Select(judgements => judgements.DistinctBy(judgement => judgement.DocumentId).ToArray());

    [Fact]
    public void Measures_equal_their_definitions() =>
        Gen.Select(Results, Judgements).Sample((results, judgements) =>
        {
            RunEvaluation evaluation = RunEvaluator.Evaluate(Run(("q", results)), QrelsOf(("q", judgements)));

            IReadOnlyDictionary<string, double> expected = SlowMeasures.Of(results, judgements);
            foreach ((string measure, double value) in expected)
            {
                Assert.Equal(value, evaluation.Mean(measure), tolerance: 1e-12);
            }
        });

    [Fact]
    public void A_file_scores_as_the_run_in_memory_even_where_queries_interleave() =>
        Gen.Select(Results, Results, Judgements, Gen.Bool).Sample((first, second, judgements, interleave) =>
        {
            Qrels qrels = QrelsOf(("a", judgements), ("b", judgements));
            string[] lines = [.. first.Select(result => Line("a", result)), .. second.Select(result => Line("b", result))];
            using TemporaryFolder folder = new();
            string path = folder.Write("run", string.Concat(interleave ? lines.Order(StringComparer.Ordinal).Reverse().Concat([Line("a", new("last", 9))]) : lines));
            if (lines.Length == 0)
            {
                return;
            }

            RunEvaluation fromFile = RunEvaluator.EvaluateFile(path, qrels, Measures.TrecEvalAll);
            RunEvaluation fromMemory = RunEvaluator.Evaluate(TrecRun.Read(path), qrels, Measures.TrecEvalAll);

            Assert.Equal(fromMemory.Means, fromFile.Means);
            Assert.Equal(fromMemory.RunTag, fromFile.RunTag);
            Assert.Equal(fromMemory.JudgedQueriesWithoutResults, fromFile.JudgedQueriesWithoutResults);
            Assert.Equal(fromMemory.Queries.Select(query => query.RelevanceString), fromFile.Queries.Select(query => query.RelevanceString));
        }, iter: 200);

    [TestDataTheory]
    [InlineData("cranfield", .4032)]
    [InlineData("scifact", .6780)]
    public void A_real_run_read_from_its_file_has_the_published_ndcg(string name, double expected)
    {
        Qrels qrels = Qrels.Read(TestData.PathOf("eval", "golden", $"qrels.{name}.trec"));

        RunEvaluation evaluation = RunEvaluator.EvaluateFile(TestData.PathOf("eval", "golden", $"bm25.{name}.run"), qrels);

        Assert.Equal(expected, evaluation.Mean("nDCG@10"), precision: 4);
    }

    [Fact]
    public void A_document_with_the_querys_id_is_dropped_before_ranks_are_given_under_the_convention_of_BEIR()
    {
        TrecRun run = Run(("q", [new("q", 2), new("d", 1)]));
        Qrels qrels = QrelsOf(("q", [new("d", 1)]));

        Assert.Equal(1, RunEvaluator.Evaluate(run, qrels, [Measures.Mrr], EvaluationOptions.Beir).Means[0]);
        Assert.Equal(.5, RunEvaluator.Evaluate(run, qrels, [Measures.Mrr]).Means[0]);
    }

    [Fact]
    public void A_judged_query_without_results_counts_as_zero_unless_told_otherwise()
    {
        TrecRun run = Run(("a", [new("d", 1)]));
        Qrels qrels = QrelsOf(("a", [new("d", 1)]), ("b", [new("d", 1)]));

        RunEvaluation all = RunEvaluator.Evaluate(run, qrels, [Measures.Map]);
        RunEvaluation answered = RunEvaluator.Evaluate(run, qrels, [Measures.Map], EvaluationOptions.TrecEval);

        Assert.Equal((.5, 2, 1), (all.Means[0], all.Queries.Count, all.JudgedQueriesWithoutResults));
        Assert.Equal((1, 1, 1), (answered.Means[0], answered.Queries.Count, answered.JudgedQueriesWithoutResults));
    }

    [Fact]
    public void A_query_that_nobody_judged_does_not_count()
    {
        RunEvaluation evaluation = RunEvaluator.Evaluate(
            Run(("a", [new("d", 1)]), ("x", [new("d", 1)])), QrelsOf(("a", [new("d", 1)])), [Measures.Map]);

        Assert.Equal((1, 1), (evaluation.Means[0], evaluation.UnjudgedQueriesWithResults));
    }

    [Fact]
    public void Qrels_of_another_collection_are_refused_with_an_id_of_each_side()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => RunEvaluator.Evaluate(Run(("a", [new("d", 1)])), QrelsOf(("b", [new("d", 1)]))));

        Assert.Contains("'a'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'b'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_below_its_least_value_is_refused()
    {
        TrecRun run = Run(("a", [new("d", 1)]));
        Qrels qrels = QrelsOf(("a", [new("d", 1)]));

        Assert.Throws<ArgumentException>(() => RunEvaluator.Evaluate(run, qrels, options: new() { RelevanceLevel = 0 }));
        Assert.Throws<ArgumentException>(() => RunEvaluator.Evaluate(run, qrels, options: new() { MaxResultsPerQuery = 0 }));
    }

    [Theory]
    [InlineData("nDCG@10", "nDCG@10")]
    [InlineData("ndcg@20", "nDCG@20")]
    [InlineData("ndcg_cut_20", "nDCG@20")]
    [InlineData("recall_100", "Recall@100")]
    [InlineData("mrr@10", "MRR@10")]
    [InlineData("recip_rank", "MRR")]
    [InlineData("map", "MAP")]
    [InlineData("bpref", "bpref")]
    public void A_measure_is_found_by_our_name_and_by_trec_evals(string name, string expected) =>
        Assert.Equal(expected, Measures.Parse(name).Name);

    [Theory]
    [InlineData("nDCG@0")]
    [InlineData("nDCG@ten")]
    [InlineData("accuracy")]
    public void An_unknown_measure_is_refused_with_those_that_exist(string name) =>
        Assert.Contains("nDCG@K", Assert.Throws<ArgumentException>(() => Measures.Parse(name)).Message, StringComparison.Ordinal);

    private static TrecRun Run(params (string Id, RunResult[] Results)[] queries) =>
        TrecRun.Create("tag", queries.Select(query => KeyValuePair.Create<string, IReadOnlyList<RunResult>>(query.Id, query.Results)));

    private static Qrels QrelsOf(params (string Id, Judgement[] Judgements)[] queries) =>
        Qrels.Create(queries.SelectMany(query => query.Judgements, (query, judgement) => (query.Id, judgement.DocumentId, judgement.Grade)));

    private static string Line(string queryId, RunResult result) =>
        FormattableString.Invariant($"{queryId} Q0 {result.DocumentId} 0 {result.Score:R} tag\n");
}
