namespace Platform.Evaluation.Metrics;

/// <summary>How a run is judged; each option is trec_eval's, or a convention of BEIR.</summary>
public sealed record EvaluationOptions
{
    /// <summary>trec_eval without options: only queries that have both results and judgements count.</summary>
    public static EvaluationOptions TrecEval { get; } = new() { AllJudgedQueries = false };

    /// <summary>BEIR: every judged query counts, and a document with the query's own id is dropped.</summary>
    public static EvaluationOptions Beir { get; } = new() { DropSelfMatches = true };

    /// <summary>trec_eval's <c>-c</c>: a judged query without results counts, as zero. Default true.</summary>
    public bool AllJudgedQueries { get; init; } = true;

    /// <summary>trec_eval's <c>-l</c>: the lowest grade that binary measures call relevant, 1 or more. Default 1.</summary>
    public int RelevanceLevel { get; init; } = 1;

    /// <summary>trec_eval's <c>-M</c>: results beyond this many a query are ignored. Default: all count.</summary>
    public int MaxResultsPerQuery { get; init; } = int.MaxValue;

    /// <summary>Drop a returned document whose id is the query's (ArguAna, Quora), before ranks are given. Default false.</summary>
    public bool DropSelfMatches { get; init; }

    /// <summary>Results shown in <see cref="QueryEvaluation.RelevanceString"/>, trec_eval's relstring. Default 10.</summary>
    public int RelevanceStringLength { get; init; } = 10;

    /// <exception cref="ArgumentException">An option is below its least value.</exception>
    internal void Validate()
    {
        Check(RelevanceLevel, least: 1, nameof(RelevanceLevel));
        Check(MaxResultsPerQuery, least: 1, nameof(MaxResultsPerQuery));
        Check(RelevanceStringLength, least: 0, nameof(RelevanceStringLength));
    }

    private static void Check(int value, int least, string name)
    {
        if (value < least)
        {
            throw new ArgumentException($"{name} is {value}; it must be {least} or more.", name);
        }
    }
}
