namespace Platform.Abstractions.Records;

/// <summary>The order of a search by a field: documents without a value last, equal values by ascending document key.</summary>
/// <param name="Field">The field.</param>
/// <param name="IsWords">Whether it holds strings.</param>
/// <param name="Descending">Whether larger values come first.</param>
[GenerateSerializer, Immutable, Alias("field-order")]
public sealed record FieldOrder([property: Id(0)] string Field, [property: Id(1)] bool IsWords, [property: Id(2)] bool Descending);

/// <summary>Asks a shard for the first documents in the order of a field.</summary>
[GenerateSerializer, Immutable, Alias("sort-call")]
public sealed record SortCall
{
    /// <summary>The legs of the search; documents that any of them matches, within its filter.</summary>
    [Id(0)]
    public required ShardQuery[] Queries { get; init; }

    /// <summary>The order.</summary>
    [Id(1)]
    public required FieldOrder Order { get; init; }

    /// <summary>How many.</summary>
    [Id(2)]
    public required int Top { get; init; }
}

/// <summary>A shard's first documents, in order.</summary>
[GenerateSerializer, Immutable, Alias("sort-reply")]
public sealed record SortReply([property: Id(0)] DocumentValue[] Hits);

/// <summary>A document with its value.</summary>
/// <param name="DocumentKey">The tenant's key.</param>
/// <param name="HasValue">Whether it has a value.</param>
/// <param name="Word">Of a field of strings: the value.</param>
/// <param name="Scalar">Of any other: the value, as <see cref="FieldScalars"/> says.</param>
[GenerateSerializer, Immutable, Alias("document-value")]
public sealed record DocumentValue(
    [property: Id(0)] string DocumentKey, [property: Id(1)] bool HasValue, [property: Id(2)] string? Word, [property: Id(3)] long Scalar);

/// <summary>Groups of hits with one value of a field. Documents without a value are in none, and not found.</summary>
/// <param name="Field">The field, of one value a document.</param>
/// <param name="IsWords">Whether it holds strings.</param>
/// <param name="Size">How many best documents of each group.</param>
[GenerateSerializer, Immutable, Alias("grouping")]
public sealed record Grouping([property: Id(0)] string Field, [property: Id(1)] bool IsWords, [property: Id(2)] int Size);
