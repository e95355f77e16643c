using Platform.Abstractions.Records;

namespace Platform.Abstractions.Grains;

/// <summary>Encodes documents and hands them to their shards. A stateless worker on index silos. Key: <c>{tenant}/{index}</c>.</summary>
[Alias("ingest"), GrainInterfaceType("ingest")]
public interface IIngestGrain : IGrainWithStringKey
{
    /// <summary>Applies a batch and returns each item's fate. An outcome other than <see cref="ItemStatus.Refused"/> and <see cref="ItemStatus.Unknown"/> is durable.</summary>
    /// <remarks>Idempotent by document key and operation id.</remarks>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>; <see cref="FaultKind.Busy"/> if nothing was applied.</exception>
    [Alias("apply"), ResponseTimeout("00:10:00")]
    Task<IngestReply> ApplyAsync(IngestBatch batch, CancellationToken cancellationToken);

    /// <summary>Replaces what is stored of a document, and its fields; what its encoder made stays as it is.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>, <see cref="FaultKind.StorageFull"/>; <see cref="FaultKind.Unavailable"/> if its shard does not answer: the outcome is then unknown.</exception>
    [Alias("patch"), ResponseTimeout("00:01:10")]
    Task<PatchStatus> PatchAsync(PatchCall patch, CancellationToken cancellationToken);

    /// <summary>Deletes every document that matches a filter, in batches; each matches at the moment of its deletion.</summary>
    /// <returns>How many were deleted.</returns>
    /// <remarks>Safe to repeat: what was deleted before a fault stays deleted.</remarks>
    /// <exception cref="PlatformException"><see cref="FaultKind.IndexNotFound"/>; <see cref="FaultKind.Unavailable"/> if a shard does not answer.</exception>
    [Alias("delete-matching"), ResponseTimeout("00:10:00")]
    Task<long> DeleteMatchingAsync(FilterNode filter, CancellationToken cancellationToken);
}
