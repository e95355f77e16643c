namespace Platform.Abstractions.Records;

/// <summary>Asks for the next documents of an index, or of one shard, in ascending order of their keys by UTF-8 bytes.</summary>
[GenerateSerializer, Immutable, Alias("scroll-call")]
public sealed record ScrollCall
{
    /// <summary>Documents whose keys are above this; null for the first.</summary>
    [Id(0)]
    public string? After { get; init; }

    /// <summary>How many at most, at least 1.</summary>
    [Id(1)]
    public required int Limit { get; init; }

    /// <summary>Whether documents carry their sparse vectors.</summary>
    [Id(2)]
    public required bool WithVectors { get; init; }

    /// <summary>The generation of the index that the scroll began with; null at its beginning.</summary>
    [Id(3)]
    public int? Generation { get; init; }

    /// <summary>About how many bytes at most.</summary>
    [Id(4)]
    public required int MaxBytes { get; init; }
}

/// <summary>Some documents, ascending by key.</summary>
[GenerateSerializer, Immutable, Alias("scroll-page")]
public sealed record ScrollPage
{
    /// <summary>The documents.</summary>
    [Id(0)]
    public required ScrolledDocument[] Documents { get; init; }

    /// <summary>Whether there are documents above the last.</summary>
    [Id(1)]
    public required bool More { get; init; }

    /// <summary>The generation of the index.</summary>
    [Id(2)]
    public required int Generation { get; init; }
}

/// <summary>A whole document.</summary>
[GenerateSerializer, Immutable, Alias("scrolled-document")]
public sealed record ScrolledDocument
{
    /// <summary>The tenant's key.</summary>
    [Id(0)]
    public required string DocumentKey { get; init; }

    /// <summary>The stored JSON object.</summary>
    [Id(1)]
    public required ReadOnlyMemory<byte> Stored { get; init; }

    /// <summary>Its sparse terms, if asked for: int32 little-endian, ascending.</summary>
    [Id(2)]
    public ReadOnlyMemory<byte> TermIds { get; init; }

    /// <summary>Their impacts, 1 to 255, one a term; times the index's scale they are the weights.</summary>
    [Id(3)]
    public ReadOnlyMemory<byte> Impacts { get; init; }

    /// <summary>The weight of one impact step.</summary>
    [Id(4)]
    public double Scale { get; init; }
}
