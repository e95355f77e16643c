using System.Text.Json;
using Platform.Evaluation.Metrics;
using Platform.Evaluation.Reports;
using Platform.Evaluation.Runs;

namespace Platform.Evaluation.Tests.Reports;

public sealed class EvaluationReportTests
{
    private const string Golden = """
        {
          "collection": "adi",
          "split": "test",
          "encoder": "lexical",
          "counts": {
            "documents": 82,
            "queries": 1,
            "judgedQueriesWithoutResults": 0,
            "unjudgedQueriesWithResults": 0
          },
          "metrics": {
            "nDCG@10": 1,
            "MRR@10": 1,
            "MAP": 1,
            "Recall@100": 1,
            "Recall@1000": 1,
            "P@10": 0.1
          },
          "parameters": {
            "b": "0.4",
            "k1": "0.9"
          },
          "timings": {
            "documentsPerSecond": 41,
            "queryP50Milliseconds": 3,
            "queryP95Milliseconds": 5
          },
          "perQuery": [
            {
              "query": "1",
              "metrics": {
                "nDCG@10": 1,
                "MRR@10": 1,
                "MAP": 1,
                "Recall@100": 1,
                "Recall@1000": 1,
                "P@10": 0.1
              }
            }
          ]
        }
        """;

    [Fact]
    public void A_report_is_one_JSON_object_with_its_properties_in_a_stable_order() =>
        Assert.Equal(Golden.ReplaceLineEndings("\n"), Make(perQuery: true).ToJson());

    [Fact]
    public void A_report_reads_back_as_it_was_written()
    {
        Assert.Equal(Golden.ReplaceLineEndings("\n"), EvaluationReport.FromJson(Golden).ToJson());
        Assert.Null(EvaluationReport.FromJson(Make(perQuery: false).ToJson()).PerQuery);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    public void What_is_no_report_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => EvaluationReport.FromJson(json));

    [Fact]
    public void Percentiles_are_latencies_that_occurred()
    {
        TimeSpan[] latencies = [.. Enumerable.Range(1, 100).Reverse().Select(i => TimeSpan.FromMilliseconds(i))];

        EvaluationTimings timings = EvaluationTimings.Of(1000, TimeSpan.FromSeconds(4), latencies);

        Assert.Equal(new EvaluationTimings(250, 50, 95), timings);
        Assert.Equal(new EvaluationTimings(0, 0, 0), EvaluationTimings.Of(0, TimeSpan.Zero, []));
    }

    private static EvaluationReport Make(bool perQuery)
    {
        TrecRun run = TrecRun.Create("t", [KeyValuePair.Create<string, IReadOnlyList<RunResult>>("1", [new("17", 2)])]);
        RunEvaluation evaluation = RunEvaluator.Evaluate(run, Qrels.Create([("1", "17", 1)]));
        return EvaluationReport.Of(evaluation, "adi", "test", "lexical", documentCount: 82,
            new Dictionary<string, string> { ["k1"] = "0.9", ["b"] = "0.4" },
            EvaluationTimings.Of(82, TimeSpan.FromSeconds(2), [TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(3)]), perQuery);
    }
}
