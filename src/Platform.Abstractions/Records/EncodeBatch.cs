namespace Platform.Abstractions.Records;

/// <summary>Texts to encode in one call.</summary>
[GenerateSerializer, Immutable, Alias("encode-batch")]
public sealed record EncodeBatch
{
    /// <summary>The texts; for <c>lexical</c> a document's title and text already joined.</summary>
    [Id(0)]
    public required string[] Texts { get; init; }

    /// <summary>Queries go before documents.</summary>
    [Id(1)]
    public required bool AreQueries { get; init; }

    /// <summary>For a model: each document's title, which the model's contract joins with its text; or null.</summary>
    [Id(2)]
    public string?[]? Titles { get; init; }

    /// <summary>For a model: what the index was built with; null where any version of the contract will do.</summary>
    [Id(3)]
    public EncoderIdentity? Expected { get; init; }
}

/// <summary>What an encoder made of a batch.</summary>
[GenerateSerializer, Immutable, Alias("encoded-batch")]
public sealed record EncodedBatch
{
    /// <summary>From <c>lexical</c>: one vector a text, packed as <c>Platform.Indexing.Lexical.TermVector</c> says; else empty.</summary>
    [Id(0)]
    public required ReadOnlyMemory<byte>[] TermVectors { get; init; }

    /// <summary>From a model with a sparse head: one vector a text; else null.</summary>
    [Id(1)]
    public PackedSparseVector[]? Sparse { get; init; }

    /// <summary>From a model with a dense head: one vector a text, float32 little-endian, empty for a text without tokens; else null.</summary>
    [Id(2)]
    public ReadOnlyMemory<byte>[]? Dense { get; init; }

    /// <summary>From a model: tokens of each text, special ones included, after cutting; else null.</summary>
    [Id(3)]
    public int[]? TokenCounts { get; init; }
}
