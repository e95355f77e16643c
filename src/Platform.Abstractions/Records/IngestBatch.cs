namespace Platform.Abstractions.Records;

/// <summary>Operations of one tenant on one index, in order; no document stands in it twice.</summary>
[GenerateSerializer, Immutable, Alias("ingest-batch")]
public sealed record IngestBatch
{
    /// <summary>The operations.</summary>
    [Id(0)]
    public required IngestItem[] Items { get; init; }
}

/// <summary>One document to write or delete.</summary>
[GenerateSerializer, Immutable, Alias("ingest-item")]
public sealed record IngestItem
{
    /// <summary>The tenant's key of the document.</summary>
    [Id(0)]
    public required string DocumentKey { get; init; }

    /// <summary>Names this operation: the same id again is the same operation, applied once.</summary>
    [Id(1)]
    public required Guid OperationId { get; init; }

    /// <summary>True to delete; the rest is then empty.</summary>
    [Id(2)]
    public bool Delete { get; init; }

    /// <summary>Encoded before <see cref="Text"/>.</summary>
    [Id(3)]
    public string? Title { get; init; }

    /// <summary>Encoded.</summary>
    [Id(4)]
    public string? Text { get; init; }

    /// <summary>What is stored and returned, a JSON object in UTF-8.</summary>
    [Id(5)]
    public ReadOnlyMemory<byte> Stored { get; init; }

    /// <summary>A given sparse vector.</summary>
    [Id(6)]
    public PackedSparseVector? Sparse { get; init; }

    /// <summary>A given dense vector.</summary>
    [Id(16)]
    public PackedDenseVector? Dense { get; init; }

    /// <summary>What it has in the index's declared fields, each at most once; null for nothing.</summary>
    [Id(32)]
    public DocumentField[]? Fields { get; init; }
}

/// <summary>The fate of each item of a batch, in its order.</summary>
[GenerateSerializer, Immutable, Alias("ingest-reply")]
public sealed record IngestReply
{
    /// <summary>One outcome an item.</summary>
    [Id(0)]
    public required ItemOutcome[] Outcomes { get; init; }
}

/// <summary>The fate of one item.</summary>
/// <param name="Status">What happened.</param>
/// <param name="Detail">Why, where it failed.</param>
[GenerateSerializer, Immutable, Alias("item-outcome")]
public readonly record struct ItemOutcome([property: Id(0)] ItemStatus Status, [property: Id(1)] string? Detail = null);

/// <summary>What can happen to an item.</summary>
[GenerateSerializer, Alias("item-status")]
public enum ItemStatus
{
    /// <summary>A new document, durable.</summary>
    Created,

    /// <summary>Replaced an older one, durable.</summary>
    Updated,

    /// <summary>Deleted, durable.</summary>
    Deleted,

    /// <summary>There was nothing to delete.</summary>
    NotFound,

    /// <summary>Refused: sending it again changes nothing.</summary>
    Refused,

    /// <summary>Not acknowledged: it may have been applied or not; send it again with the same operation id.</summary>
    Unknown,

    /// <summary>Refused and not applied, because the store is nearly full: once there is room it is taken.</summary>
    NoRoom,
}
