using System.Text;
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
        measures ??= Measures.Standard;
        options ??= new();
        options.Validate();
        int judged = qrels.QueryIds.Count(queryId => run.Find(queryId) is not null);
        if (judged == 0 && run.Lists.Count > 0)
        {
            throw NothingJudged(run, qrels);
        }

        JudgedRanking ranking = new();
        JudgementTable table = new();
        List<QueryEvaluation> queries = [];
        foreach ((string queryId, byte[] key) in InByteOrder(qrels.QueryIds))
        {
            ResultList? results = run.Find(queryId);
            if (results is null && !options.AllJudgedQueries)
            {
                continue;
            }

            table.Fill(qrels.JudgementsOf(queryId));
            ranking.Reset(table.Grades, results?.Count ?? 0, options.RelevanceLevel);
            Judge(ranking, results, table, options.DropSelfMatches ? key : [], options.MaxResultsPerQuery);
            double[] values = new double[measures.Count];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = measures[i].Of(ranking);
            }

            queries.Add(new(queryId, values, RelevanceString(ranking, options.RelevanceStringLength)));
        }

        return new(run.Tag, measures, queries, qrels.QueryIds.Count - judged, run.Lists.Count - judged);
    }

    private static void Judge(
        JudgedRanking ranking, ResultList? results, JudgementTable table, ReadOnlySpan<byte> dropped, int maxResults)
    {
        for (int position = 0; position < (results?.Count ?? 0) && ranking.RetrievedCount < maxResults; position++)
        {
            ReadOnlySpan<byte> documentId = results!.IdAt(position);
            if (dropped.IsEmpty || !documentId.SequenceEqual(dropped))
            {
                ranking.Append(table.GradeOf(documentId));
            }
        }
    }

    /// <summary>trec_eval's order of queries, which is also that of its sums.</summary>
    private static (string QueryId, byte[] Key)[] InByteOrder(IReadOnlyList<string> queryIds)
    {
        (string QueryId, byte[] Key)[] ordered = [.. queryIds.Select(queryId => (queryId, Encoding.UTF8.GetBytes(queryId)))];
        Array.Sort(ordered, (left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key));
        return ordered;
    }

    private static string RelevanceString(JudgedRanking ranking, int length)
    {
        StringBuilder text = new();
        for (int position = 0; position < Math.Min(length, ranking.RetrievedCount); position++)
        {
            text.Append(ranking.Grades[position] switch
            {
                > 9 => '>',
                >= 0 and int grade => (char)('0' + grade),
                JudgedRanking.NotInPool => '-',
                _ => '.',
            });
        }

        return text.ToString();
    }

    private static ArgumentException NothingJudged(TrecRun run, Qrels qrels) =>
        new($"The qrels judge none of the run's {run.Lists.Count} queries: the run has for example '{run.Lists[0].QueryId}', " +
            $"the qrels {(qrels.QueryIds.Count == 0 ? "are empty" : $"'{qrels.QueryIds[0]}'")}. " +
            "Evaluate against the qrels of the same collection and split.", nameof(run));
}
