namespace Platform.Abstractions.Records;

/// <summary>Texts that a tenant wants as vectors, outside of any index.</summary>
[GenerateSerializer, Immutable, Alias("embedding-call")]
public sealed record EmbeddingCall
{
    /// <summary>The model, <c>id@version</c>.</summary>
    [Id(0)]
    public required string Model { get; init; }

    /// <summary>The texts, at least one.</summary>
    [Id(1)]
    public required string[] Texts { get; init; }

    /// <summary>Whether they are encoded as queries; else as documents without a title.</summary>
    [Id(2)]
    public required bool AreQueries { get; init; }

    /// <summary>Whether sparse vectors are wanted; else dense ones. A model gives one kind.</summary>
    [Id(3)]
    public required bool Sparse { get; init; }

    /// <summary>Whether the text of each term of the sparse vectors is wanted too.</summary>
    [Id(4)]
    public bool WithTermTexts { get; init; }
}

/// <summary>The vectors of an <see cref="EmbeddingCall"/>.</summary>
[GenerateSerializer, Immutable, Alias("embedding-answer")]
public sealed record EmbeddingAnswer
{
    /// <summary>What encoded them.</summary>
    [Id(0)]
    public required EncoderIdentity Model { get; init; }

    /// <summary>Tokens of each text, special ones included, after cutting.</summary>
    [Id(1)]
    public required int[] TokenCounts { get; init; }

    /// <summary>One sparse vector a text; null if dense ones were asked for.</summary>
    [Id(2)]
    public PackedSparseVector[]? Sparse { get; init; }

    /// <summary>One dense vector a text, float32 little-endian, empty for a text without tokens; null if sparse ones were asked for.</summary>
    [Id(3)]
    public ReadOnlyMemory<byte>[]? Dense { get; init; }

    /// <summary>The terms of each sparse vector as text, empty for an id that is no term; null if not asked for.</summary>
    [Id(4)]
    public string[][]? TermTexts { get; init; }
}
