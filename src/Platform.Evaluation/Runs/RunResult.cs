namespace Platform.Evaluation.Runs;

/// <summary>One document that a run returned for a query.</summary>
/// <param name="DocumentId">The document's id in its collection; no whitespace.</param>
/// <param name="Score">Higher is better; never NaN.</param>
public readonly record struct RunResult(string DocumentId, double Score);
