namespace Platform.Evaluation.Metrics;

/// <summary>What a run scored: each query, and the means. Immutable.</summary>
public sealed class RunEvaluation
{
    internal RunEvaluation(
        string tag, IReadOnlyList<Measure> measures, IReadOnlyList<QueryEvaluation> queries, int missing, int unjudged)
    {
        RunTag = tag;
        Measures = measures;
        Queries = queries;
        JudgedQueriesWithoutResults = missing;
        UnjudgedQueriesWithResults = unjudged;
        Means = [.. measures.Select((measure, index) => MeanOf(measure, index))];
    }

    /// <summary>The run's tag.</summary>
    public string RunTag { get; }

    /// <summary>The measures asked for, in the order asked.</summary>
    public IReadOnlyList<Measure> Measures { get; }

    /// <summary>The means, in the order of <see cref="Measures"/>; a count's is its sum.</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>The queries that count, by ascending id in byte order.</summary>
    public IReadOnlyList<QueryEvaluation> Queries { get; }

    /// <summary>Judged queries for which the run has no results, whether or not they count.</summary>
    public int JudgedQueriesWithoutResults { get; }

    /// <summary>Queries of the run that nobody judged; they never count.</summary>
    public int UnjudgedQueriesWithResults { get; }

    /// <summary>Returns a measure's mean by our name or trec_eval's.</summary>
    /// <exception cref="ArgumentException">The evaluation did not compute the measure.</exception>
    public double Mean(string measure)
    {
        for (int i = 0; i < Measures.Count; i++)
        {
            if (measure.Equals(Measures[i].Name, StringComparison.Ordinal)
                || measure.Equals(Measures[i].TrecEvalName, StringComparison.Ordinal))
            {
                return Means[i];
            }
        }

        throw new ArgumentException(
            $"The evaluation has no '{measure}'; it has {string.Join(", ", Measures)}.", nameof(measure));
    }

    private double MeanOf(Measure measure, int index)
    {
        double sum = 0;
        for (int i = 0; i < Queries.Count; i++)
        {
            sum += Queries[i].Values[index];
        }

        return measure.Mean switch
        {
            MeasureMean.Sum => sum,
            _ when Queries.Count == 0 => 0,
            MeasureMean.Geometric => Math.Exp(sum / Queries.Count),
            _ => sum / Queries.Count,
        };
    }
}
