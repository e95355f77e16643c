namespace Platform.Evaluation.Collections;

/// <summary>A document to be indexed.</summary>
/// <param name="Id">Unique in its collection.</param>
/// <param name="Title">Empty where the collection has none.</param>
/// <param name="Text">The body.</param>
public sealed record CollectionDocument(string Id, string Title, string Text);
