using System.Runtime.CompilerServices;
using System.Text;
using Platform.Evaluation.Runs;

namespace Platform.Evaluation.Metrics;

/// <summary>Evaluates one query after another, in tables that it keeps. Not thread-safe.</summary>
internal sealed class QueryEvaluator
{
    private readonly JudgedRanking _ranking = new();
    private readonly JudgementTable _table = new();
    private readonly HashSet<string> _judged;

    public QueryEvaluator(Qrels qrels, IReadOnlyList<Measure> measures, EvaluationOptions options)
    {
        options.Validate();
        Qrels = qrels;
        Measures = measures;
        Options = options;
        _judged = [.. qrels.QueryIds];
    }

    public Qrels Qrels { get; }

    public IReadOnlyList<Measure> Measures { get; }

    public EvaluationOptions Options { get; }

    public bool IsJudged(string queryId) => _judged.Contains(queryId);

    /// <param name="queryId">A judged query.</param>
    /// <param name="results">Its ranked results; null where the run has none.</param>
    public QueryEvaluation Evaluate(string queryId, ResultList? results)
    {
        _table.Fill(Qrels.JudgementsOf(queryId));
        _ranking.Reset(_table.Grades, results?.Count ?? 0, Options.RelevanceLevel);
        if (results is not null)
        {
            Judge(results, Options.DropSelfMatches ? Encoding.UTF8.GetBytes(queryId) : []);
        }

        double[] values = new double[Measures.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Measures[i].Of(_ranking);
        }

        return new(queryId, values, RelevanceString());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Judge(ResultList results, ReadOnlySpan<byte> dropped)
    {
        for (int position = 0; position < results.Count && _ranking.RetrievedCount < Options.MaxResultsPerQuery; position++)
        {
            ReadOnlySpan<byte> documentId = results.IdAt(position);
            if (dropped.IsEmpty || !documentId.SequenceEqual(dropped))
            {
                _ranking.Append(_table.GradeOf(documentId));
            }
        }
    }

    private string RelevanceString()
    {
        StringBuilder text = new();
        for (int position = 0; position < Math.Min(Options.RelevanceStringLength, _ranking.RetrievedCount); position++)
        {
            text.Append(_ranking.Grades[position] switch
            {
                > 9 => '>',
                >= 0 and int grade => (char)('0' + grade),
                JudgedRanking.NotInPool => '-',
                _ => '.',
            });
        }

        return text.ToString();
    }
}
