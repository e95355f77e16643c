using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Evaluation.Metrics;

namespace Platform.Evaluation.Reports;

/// <summary>What an evaluation found, and all that is needed to repeat it; one JSON object.</summary>
/// <param name="Collection">The collection's name.</param>
/// <param name="Split">The judged split.</param>
/// <param name="Encoder">The encoder's name and version.</param>
/// <param name="Counts">How much was evaluated.</param>
/// <param name="Metrics">Means by name, <c>nDCG@10</c> first; in the order of the measures evaluated.</param>
/// <param name="Parameters">What changes the result: encoder, index and query settings, by ascending name.</param>
/// <param name="Timings">How fast it was; null where nothing was timed.</param>
/// <param name="PerQuery">Each query's values; null where only means are kept.</param>
public sealed record EvaluationReport(
    string Collection,
    string Split,
    string Encoder,
    EvaluationCounts Counts,
    OrderedDictionary<string, double> Metrics,
    SortedDictionary<string, string> Parameters,
    EvaluationTimings? Timings = null,
    IReadOnlyList<QueryReport>? PerQuery = null)
{
    /// <summary>Makes a report of an evaluation.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="collection">The collection's name.</param>
    /// <param name="split">The judged split.</param>
    /// <param name="encoder">The encoder's name and version.</param>
    /// <param name="documentCount">Documents that were searched.</param>
    /// <param name="parameters">What changes the result.</param>
    /// <param name="timings">How fast it was.</param>
    /// <param name="perQuery">Whether each query's values are kept.</param>
    public static EvaluationReport Of(
        RunEvaluation evaluation, string collection, string split, string encoder, long documentCount,
        IReadOnlyDictionary<string, string>? parameters = null, EvaluationTimings? timings = null, bool perQuery = true)
    {
        IReadOnlyList<Measure> measures = evaluation.Measures;
        EvaluationCounts counts = new(documentCount, evaluation.Queries.Count,
            evaluation.JudgedQueriesWithoutResults, evaluation.UnjudgedQueriesWithResults);
        SortedDictionary<string, string> sorted = new(StringComparer.Ordinal);
        foreach ((string name, string value) in parameters ?? new Dictionary<string, string>())
        {
            sorted.Add(name, value);
        }

        return new(collection, split, encoder, counts, Named(measures, evaluation.Means), sorted, timings, perQuery
            ? [.. evaluation.Queries.Select(query => new QueryReport(query.QueryId, Named(measures, query.Values)))]
            : null);
    }

    /// <summary>Returns the report as one JSON object; the same report gives the same text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, EvaluationReportJson.Default.EvaluationReport);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not a report; the message names the place.</exception>
    public static EvaluationReport FromJson(string json) =>
        JsonSerializer.Deserialize(json, EvaluationReportJson.Default.EvaluationReport)
        ?? throw new JsonException("The text is the JSON value null; expected an evaluation report.");

    private static OrderedDictionary<string, double> Named(IReadOnlyList<Measure> measures, IReadOnlyList<double> values)
    {
        OrderedDictionary<string, double> named = [];
        for (int i = 0; i < measures.Count; i++)
        {
            named[measures[i].Name] = values[i];
        }

        return named;
    }
}

/// <summary>How much was evaluated.</summary>
/// <param name="Documents">Documents searched.</param>
/// <param name="Queries">Queries in the means.</param>
/// <param name="JudgedQueriesWithoutResults">Judged queries for which nothing was returned.</param>
/// <param name="UnjudgedQueriesWithResults">Queries with results that nobody judged; not in the means.</param>
public sealed record EvaluationCounts(
    long Documents, int Queries, int JudgedQueriesWithoutResults, int UnjudgedQueriesWithResults);

/// <summary>What one query scored.</summary>
/// <param name="Query">The query's id.</param>
/// <param name="Metrics">Its values by measure.</param>
public sealed record QueryReport(string Query, OrderedDictionary<string, double> Metrics);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(EvaluationReport))]
internal sealed partial class EvaluationReportJson : JsonSerializerContext;
