namespace Platform.Abstractions.Records;

/// <summary>Replaces what is stored of a document, and its declared fields; what its encoder made stays as it is.</summary>
[GenerateSerializer, Immutable, Alias("patch-call")]
public sealed record PatchCall
{
    /// <summary>The tenant's key.</summary>
    [Id(0)]
    public required string DocumentKey { get; init; }

    /// <summary>Names the operation.</summary>
    [Id(1)]
    public required Guid OperationId { get; init; }

    /// <summary>What must be stored at that moment.</summary>
    [Id(2)]
    public required ReadOnlyMemory<byte> Expected { get; init; }

    /// <summary>What to store, a JSON object in UTF-8.</summary>
    [Id(3)]
    public required ReadOnlyMemory<byte> Stored { get; init; }

    /// <summary>All declared fields that it has then; null for none.</summary>
    [Id(4)]
    public DocumentField[]? Fields { get; init; }
}

/// <summary>What became of a <see cref="PatchCall"/>.</summary>
[GenerateSerializer, Alias("patch-status")]
public enum PatchStatus
{
    /// <summary>Applied, durable.</summary>
    Updated,

    /// <summary>There is no such document.</summary>
    NotFound,

    /// <summary>Something else is stored than was expected: read it and try again.</summary>
    Changed,
}
