namespace Platform.Evaluation.Metrics;

/// <summary>What one query scored.</summary>
/// <param name="QueryId">The query.</param>
/// <param name="Values">One value a measure, in the order of <see cref="RunEvaluation.Measures"/>.</param>
/// <param name="RelevanceString">The grades of the first results, one character each: a digit, <c>&gt;</c> above 9, <c>-</c>
/// outside the pool, <c>.</c> in the pool but unjudged. Empty for a query without results.</param>
public sealed record QueryEvaluation(string QueryId, IReadOnlyList<double> Values, string RelevanceString);
