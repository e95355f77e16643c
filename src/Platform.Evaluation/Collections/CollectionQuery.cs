namespace Platform.Evaluation.Collections;

/// <summary>A query to be answered.</summary>
/// <param name="Id">Unique in its collection.</param>
/// <param name="Text">What is asked.</param>
public sealed record CollectionQuery(string Id, string Text);
