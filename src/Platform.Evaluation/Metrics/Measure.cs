namespace Platform.Evaluation.Metrics;

/// <summary>A measure of retrieval effectiveness: one number for a query, and its mean over queries.</summary>
/// <remarks>Take one from <see cref="Measures"/>. Equal to another by name. Thread-safe.</remarks>
public sealed class Measure
{
    internal Measure(string name, string? trecEvalName, Func<JudgedRanking, double> of, MeasureMean mean = MeasureMean.Arithmetic)
    {
        Name = name;
        TrecEvalName = trecEvalName;
        Of = of;
        Mean = mean;
    }

    /// <summary>The name in our reports, for example <c>nDCG@10</c>.</summary>
    public string Name { get; }

    /// <summary>The name in trec_eval's output, for example <c>ndcg_cut_10</c>; null where it has no such measure.</summary>
    public string? TrecEvalName { get; }

    /// <summary>How the values of queries make one.</summary>
    public MeasureMean Mean { get; }

    internal Func<JudgedRanking, double> Of { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>How the values of queries make one.</summary>
public enum MeasureMean
{
    /// <summary>Sum over queries divided by their number.</summary>
    Arithmetic,

    /// <summary>Sum over queries: for counts.</summary>
    Sum,

    /// <summary>The value of a query is a logarithm, the mean the exponential of the logarithms' mean.</summary>
    Geometric,
}
