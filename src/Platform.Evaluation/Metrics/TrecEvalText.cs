using System.Globalization;

namespace Platform.Evaluation.Metrics;

/// <summary>Writes an evaluation in trec_eval's own text format: measure, query id or <c>all</c>, value.</summary>
public static class TrecEvalText
{
    private const string RelevanceStringName = "relstring";

    /// <summary>Writes the means, after each query's values where <paramref name="perQuery"/> asks for them (<c>-q</c>).</summary>
    /// <param name="writer">Receives lines ended by LF.</param>
    /// <param name="evaluation">What to write, in the order of its measures.</param>
    /// <param name="perQuery">Whether each query is written too.</param>
    /// <param name="relevanceStringName">A line with each query's relevance string, written before the first recall
    /// measure under this name; null leaves it out.</param>
    public static void Write(
        TextWriter writer, RunEvaluation evaluation, bool perQuery, string? relevanceStringName = RelevanceStringName)
    {
        foreach (QueryEvaluation query in perQuery ? evaluation.Queries : [])
        {
            WriteQuery(writer, evaluation.Measures, query, relevanceStringName);
        }

        WriteLine(writer, "runid", "all", evaluation.RunTag);
        WriteLine(writer, "num_q", "all", evaluation.Queries.Count.ToString(CultureInfo.InvariantCulture));
        for (int i = 0; i < evaluation.Measures.Count; i++)
        {
            WriteLine(writer, NameOf(evaluation.Measures[i]), "all", Format(evaluation.Measures[i], evaluation.Means[i]));
        }
    }

    private static void WriteQuery(
        TextWriter writer, IReadOnlyList<Measure> measures, QueryEvaluation query, string? relevanceStringName)
    {
        for (int i = 0; i < measures.Count; i++)
        {
            if (relevanceStringName is not null && "recall_5".Equals(measures[i].TrecEvalName, StringComparison.Ordinal))
            {
                WriteLine(writer, relevanceStringName, query.QueryId, $"'{query.RelevanceString}'");
            }

            if (measures[i].Mean != MeasureMean.Geometric)
            {
                WriteLine(writer, NameOf(measures[i]), query.QueryId, Format(measures[i], query.Values[i]));
            }
        }
    }

    private static string NameOf(Measure measure) => measure.TrecEvalName ?? measure.Name;

    private static string Format(Measure measure, double value) =>
        measure.Mean == MeasureMean.Sum ? value.ToString("F0", CultureInfo.InvariantCulture) : FourDecimals(value);

    /// <summary>As C's <c>%.4f</c>: an exact half, which only a multiple of 1/32 can be, goes to the even digit.</summary>
    private static string FourDecimals(double value) =>
        double.IsInteger(value * 32)
            ? Math.Round((decimal)value, 4, MidpointRounding.ToEven).ToString("F4", CultureInfo.InvariantCulture)
            : value.ToString("F4", CultureInfo.InvariantCulture);

    private static void WriteLine(TextWriter writer, string measure, string query, string value)
    {
        writer.Write(measure.PadRight(22));
        writer.Write('\t');
        writer.Write(query);
        writer.Write('\t');
        writer.Write(value);
        writer.Write('\n');
    }
}
