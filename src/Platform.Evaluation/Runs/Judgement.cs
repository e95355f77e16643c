namespace Platform.Evaluation.Runs;

/// <summary>One judgement of a query.</summary>
/// <param name="DocumentId">The judged document.</param>
/// <param name="Grade">0 not relevant, 1 and above relevant; negative means in the pool but not judged (infAP).</param>
public readonly record struct Judgement(string DocumentId, int Grade);
