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
}
