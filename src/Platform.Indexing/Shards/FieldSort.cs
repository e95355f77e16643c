using Platform.Indexing.Fields;

namespace Platform.Indexing.Shards;

/// <summary>The order of a search by the values of a field: documents without a value last, equal values by key ascending.</summary>
/// <param name="Field">The field; of a field of words each document's first word counts.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Descending">Whether larger values come first.</param>
public sealed record FieldSort(string Field, FieldKind Kind, bool Descending);

/// <summary>A document found in the order of a field.</summary>
/// <param name="DocumentKey">The caller's key.</param>
/// <param name="Word">Its word; null without one.</param>
/// <param name="Scalar">Its integer; null without one.</param>
public sealed record SortedHit(string DocumentKey, string? Word, long? Scalar);
