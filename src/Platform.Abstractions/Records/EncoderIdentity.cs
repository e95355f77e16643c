namespace Platform.Abstractions.Records;

/// <summary>Which model, and how it encodes: what queries and documents of an index must have in common.</summary>
[GenerateSerializer, Immutable, Alias("encoder-identity")]
public sealed record EncoderIdentity
{
    /// <summary>The model, <c>id@version</c>.</summary>
    [Id(0)]
    public required string Model { get; init; }

    /// <summary>SHA-256 of its files, 64 hexadecimal digits.</summary>
    [Id(1)]
    public required string ModelHash { get; init; }

    /// <summary>Whether it gives sparse vectors; else dense ones.</summary>
    [Id(2)]
    public required bool IsSparse { get; init; }

    /// <summary>The contract, canonical JSON.</summary>
    [Id(3)]
    public required string Contract { get; init; }

    /// <summary>SHA-256 of <see cref="Contract"/>, 64 hexadecimal digits.</summary>
    [Id(4)]
    public required string ContractHash { get; init; }

    /// <summary>Components of a dense vector; 0 where it gives sparse ones.</summary>
    [Id(16)]
    public int Dimensions { get; init; }
}
