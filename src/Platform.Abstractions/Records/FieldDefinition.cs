namespace Platform.Abstractions.Records;

/// <summary>A field that an index declares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it holds.</param>
[GenerateSerializer, Immutable, Alias("field-definition")]
public sealed record FieldDefinition([property: Id(0)] string Name, [property: Id(1)] FieldType Type);

/// <summary>What a declared field holds.</summary>
[GenerateSerializer, Alias("field-type")]
public enum FieldType
{
    /// <summary>One string, compared as a whole.</summary>
    Keyword,

    /// <summary>Any number of strings.</summary>
    Keywords,

    /// <summary>A float64.</summary>
    Number,

    /// <summary>A moment, to 100 ns.</summary>
    Date,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Any JSON, kept and returned; no filter can name it.</summary>
    Stored,
}

/// <summary>What a document has in one declared field.</summary>
[GenerateSerializer, Immutable, Alias("document-field")]
public sealed record DocumentField
{
    /// <summary>The field.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Of a field of strings: the strings; else null.</summary>
    [Id(1)]
    public string[]? Words { get; init; }

    /// <summary>Of any other: the value, as <see cref="FieldScalars"/> says.</summary>
    [Id(2)]
    public long Scalar { get; init; }
}
