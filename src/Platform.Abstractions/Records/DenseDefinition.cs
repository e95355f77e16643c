namespace Platform.Abstractions.Records;

/// <summary>The dense vectors of an index. A document need not have one.</summary>
[GenerateSerializer, Immutable, Alias("dense-definition")]
public sealed record DenseDefinition
{
    /// <summary>Components of a vector, 1 to 4,096; 0 while it is a model's to say.</summary>
    [Id(0)]
    public required int Dimensions { get; init; }

    /// <summary>How they are kept.</summary>
    [Id(1)]
    public DensePrecision Precision { get; init; }

    /// <summary>What a score is.</summary>
    [Id(2)]
    public DenseSimilarity Similarity { get; init; }

    /// <summary>The model that turns text into them, <c>id@version</c>; null where they are given.</summary>
    [Id(3)]
    public string? Encoder { get; init; }

    /// <summary>What that model is; the tenant's catalogue finds it out, callers leave it null.</summary>
    [Id(4)]
    public EncoderIdentity? Model { get; init; }
}

/// <summary>How the components of dense vectors are kept; scores are exact for the values kept.</summary>
[GenerateSerializer, Alias("dense-precision")]
#pragma warning disable CA1720 // the names of the field, and of the HTTP interface
public enum DensePrecision
{
    /// <summary>As given, 4 bytes.</summary>
    Float32,

    /// <summary>IEEE half precision, magnitudes up to 65,504, 2 bytes.</summary>
    Float16,

    /// <summary>The upper half of float32, 2 bytes.</summary>
    BFloat16,

    /// <summary>-127 to 127 times a scale of each vector's own, 1 byte.</summary>
    Int8,
}
#pragma warning restore CA1720

/// <summary>What the score of a dense query and a dense vector is.</summary>
[GenerateSerializer, Alias("dense-similarity")]
public enum DenseSimilarity
{
    /// <summary>The inner product of the vectors as they are.</summary>
    InnerProduct,

    /// <summary>The inner product of the vectors divided by their norms; vectors of zeros are refused.</summary>
    Cosine,
}
