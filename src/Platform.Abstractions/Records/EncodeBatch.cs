namespace Platform.Abstractions.Records;

/// <summary>Texts to encode in one call.</summary>
[GenerateSerializer, Immutable, Alias("encode-batch")]
public sealed record EncodeBatch
{
    /// <summary>The texts, a document's title and text already joined.</summary>
    [Id(0)]
    public required string[] Texts { get; init; }

    /// <summary>Queries go before documents.</summary>
    [Id(1)]
    public required bool AreQueries { get; init; }
}

/// <summary>What an encoder made of a batch.</summary>
[GenerateSerializer, Immutable, Alias("encoded-batch")]
public sealed record EncodedBatch
{
    /// <summary>One lexical vector a text, packed as <c>Platform.Indexing.Lexical.TermVector</c> says.</summary>
    [Id(0)]
    public required ReadOnlyMemory<byte>[] TermVectors { get; init; }
}
