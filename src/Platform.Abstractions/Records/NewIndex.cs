namespace Platform.Abstractions.Records;

/// <summary>What a new index shall be.</summary>
[GenerateSerializer, Immutable, Alias("new-index")]
public sealed record NewIndex
{
    /// <summary>The index's name; see <see cref="Names.Rule"/>.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>A power of two, 1 to 64.</summary>
    [Id(1)]
    public required int Shards { get; init; }

    /// <summary><c>lexical</c>, <c>none</c>, or a model as <c>id@version</c>.</summary>
    [Id(2)]
    public required string Encoder { get; init; }

    /// <summary>BM25's saturation, 0 to 10.</summary>
    [Id(3)]
    public required double K1 { get; init; }

    /// <summary>BM25's length normalisation, 0 to 1.</summary>
    [Id(4)]
    public required double B { get; init; }

    /// <summary>The largest weight of a given sparse vector, above 0, at most 1,000,000.</summary>
    [Id(5)]
    public required double SparseMaxWeight { get; init; }

    /// <summary>What the model is; the tenant's catalogue finds it out, callers leave it null.</summary>
    [Id(6)]
    public EncoderIdentity? Model { get; init; }

    /// <summary>The snapshot whose documents it begins with; null for none.</summary>
    [Id(8)]
    public SnapshotSource? From { get; init; }

    /// <summary>Index-time pruning of sparse vectors; null for none.</summary>
    [Id(7)]
    public IndexPruning? Pruning { get; init; }

    /// <summary>Its dense vectors; null for none, or those of an encoder with a dense head.</summary>
    [Id(16)]
    public DenseDefinition? Dense { get; init; }

    /// <summary>Its declared fields; null or empty if it declares none, and then keeps any without filters on them.</summary>
    [Id(32)]
    public FieldDefinition[]? Fields { get; init; }
}
