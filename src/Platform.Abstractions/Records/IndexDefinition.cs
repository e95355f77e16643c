namespace Platform.Abstractions.Records;

/// <summary>What an index is: fixed at its creation, except for the shard map.</summary>
[GenerateSerializer, Immutable, Alias("index-definition")]
public sealed record IndexDefinition
{
    /// <summary>The index's name within its tenant.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Which index of that name, from 1.</summary>
    [Id(1)]
    public required int Generation { get; init; }

    /// <summary>Which shard owns which documents.</summary>
    [Id(2)]
    public required ShardMap Shards { get; init; }

    /// <summary>The encoder of its text: <c>lexical</c>, <c>none</c>, or a model as <c>id@version</c>.</summary>
    [Id(3)]
    public required string Encoder { get; init; }

    /// <summary>BM25's term-frequency saturation.</summary>
    [Id(4)]
    public required double K1 { get; init; }

    /// <summary>BM25's strength of length normalisation.</summary>
    [Id(5)]
    public required double B { get; init; }

    /// <summary>The largest weight of a given sparse vector; stored as impact 255.</summary>
    [Id(6)]
    public required double SparseMaxWeight { get; init; }

    /// <summary>When it was created, UTC.</summary>
    [Id(7)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of a model, sparse or dense: what it was at the index's creation; documents and queries are encoded by nothing else.</summary>
    [Id(8)]
    public EncoderIdentity? Model { get; init; }

    /// <summary>Index-time pruning of sparse vectors; null for none.</summary>
    [Id(9)]
    public IndexPruning? Pruning { get; init; }

    /// <summary>Its dense vectors; null if it has none.</summary>
    [Id(16)]
    public DenseDefinition? Dense { get; init; }

    /// <summary>Its declared fields; null or empty if it declares none, and then keeps any without filters on them.</summary>
    [Id(32)]
    public FieldDefinition[]? Fields { get; init; }
}
