using System.Text;
using Platform.Evaluation.Collections;
using Platform.Evaluation.Runs;

namespace Platform.Evaluation.Metrics;

/// <summary>Evaluates runs against qrels with the results of trec_eval 10.</summary>
public static class RunEvaluator
{
    /// <summary>Computes the measures for each query that counts, and their means.</summary>
    /// <param name="run">The run.</param>
    /// <param name="qrels">The judgements.</param>
    /// <param name="measures">The measures; null takes <see cref="Measures.Standard"/>.</param>
    /// <param name="options">The conventions; null takes the defaults of <see cref="EvaluationOptions"/>.</param>
    /// <exception cref="ArgumentException">The run has queries but none of them is judged: ids of another collection.</exception>
    public static RunEvaluation Evaluate(
        TrecRun run, Qrels qrels, IReadOnlyList<Measure>? measures = null, EvaluationOptions? options = null)
    {
        QueryEvaluator evaluator = new(qrels, measures ?? Measures.Standard, options ?? new());
        Dictionary<string, QueryEvaluation> judged = [];
        foreach (ResultList list in run.Lists)
        {
            Add(judged, evaluator, list);
        }

        return Complete(run.Tag, judged, evaluator, run.Lists.Count, run.Lists.Count > 0 ? run.Lists[0].QueryId : "");
    }

    /// <summary>As <see cref="Evaluate"/>, from a run file.</summary>
    /// <remarks>Takes the memory of one query where the lines of each stand together, else that of the run.</remarks>
    /// <inheritdoc cref="Evaluate" path="/exception"/>
    /// <exception cref="CollectionFormatException">As <see cref="TrecRun.Read(string)"/>.</exception>
    public static RunEvaluation EvaluateFile(
        string path, Qrels qrels, IReadOnlyList<Measure>? measures = null, EvaluationOptions? options = null)
    {
        QueryEvaluator evaluator = new(qrels, measures ?? Measures.Standard, options ?? new());
        Dictionary<string, QueryEvaluation> judged = [];
        ResultList list = new("", capacity: 1024, idCapacity: 1 << 14);
        string firstQueryId = "";
        int queryCount = 0;
        using GroupedRunReader reader = new(path);
        while (reader.TryRead(list))
        {
            firstQueryId = queryCount++ == 0 ? list.QueryId : firstQueryId;
            Add(judged, evaluator, list);
        }

        return reader.IsInterleaved
            ? Evaluate(TrecRun.Read(path), qrels, measures, options)
            : Complete(reader.Tag, judged, evaluator, queryCount, firstQueryId);
    }

    private static void Add(Dictionary<string, QueryEvaluation> judged, QueryEvaluator evaluator, ResultList list)
    {
        if (evaluator.IsJudged(list.QueryId))
        {
            judged.Add(list.QueryId, evaluator.Evaluate(list.QueryId, list));
        }
    }

    private static RunEvaluation Complete(
        string tag, Dictionary<string, QueryEvaluation> judged, QueryEvaluator evaluator, int queryCount, string firstQueryId)
    {
        Qrels qrels = evaluator.Qrels;
        if (judged.Count == 0 && queryCount > 0)
        {
            throw new ArgumentException(
                $"The qrels judge none of the run's {queryCount} queries: the run has for example '{firstQueryId}', the qrels " +
                $"{(qrels.QueryIds.Count == 0 ? "are empty" : $"'{qrels.QueryIds[0]}'")}. " +
                "Evaluate against the qrels of the same collection and split.", nameof(tag));
        }

        List<QueryEvaluation> queries = [];
        foreach (string queryId in InByteOrder(qrels.QueryIds))
        {
            if (judged.TryGetValue(queryId, out QueryEvaluation? query))
            {
                queries.Add(query);
            }
            else if (evaluator.Options.AllJudgedQueries)
            {
                queries.Add(evaluator.Evaluate(queryId, results: null));
            }
        }

        return new(tag, evaluator.Measures, queries, qrels.QueryIds.Count - judged.Count, queryCount - judged.Count);
    }

    /// <summary>trec_eval's order of queries, which is also that of its sums.</summary>
    private static IEnumerable<string> InByteOrder(IReadOnlyList<string> queryIds)
    {
        (string QueryId, byte[] Key)[] ordered = [.. queryIds.Select(queryId => (queryId, Encoding.UTF8.GetBytes(queryId)))];
        Array.Sort(ordered, (left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key));
        return ordered.Select(pair => pair.QueryId);
    }
}
