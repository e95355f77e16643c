namespace Platform.Client.Ingest;

/// <summary>What became of all the items of an ingest.</summary>
/// <remarks>Every item read is counted in exactly one of the six fates.</remarks>
public sealed record IngestSummary
{
    /// <summary>Items taken from the source.</summary>
    public required long Read { get; init; }

    /// <summary>Documents that were new.</summary>
    public required long Created { get; init; }

    /// <summary>Documents that replaced an older one.</summary>
    public required long Updated { get; init; }

    /// <summary>Documents deleted.</summary>
    public required long Deleted { get; init; }

    /// <summary>Deletes of documents that were not there.</summary>
    public required long NotFound { get; init; }

    /// <summary>Items that were not applied.</summary>
    public required long Failed { get; init; }

    /// <summary>Items that may have been applied or not.</summary>
    public required long Unknown { get; init; }

    /// <summary>Bytes of NDJSON of the acknowledged items.</summary>
    public required long Bytes { get; init; }

    /// <summary>Requests sent, repeated ones included.</summary>
    public required long Requests { get; init; }

    /// <summary>Requests that were sent again.</summary>
    public required long Retries { get; init; }

    /// <summary>Time from start to end.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The failed and unknown items, in the order in which that became known; at most
    /// <see cref="IngestOptions.MaxListedFailures"/>.</summary>
    public required IReadOnlyList<IngestResult> Failures { get; init; }

    /// <summary>Items whose operation is durable.</summary>
    public long Acknowledged => Created + Updated + Deleted + NotFound;

    /// <summary>True if every item was acknowledged.</summary>
    public bool IsComplete => Failed == 0 && Unknown == 0;
}
