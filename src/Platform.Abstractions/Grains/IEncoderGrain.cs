using Platform.Abstractions.Records;

namespace Platform.Abstractions.Grains;

/// <summary>Encodes texts with one model. A stateless worker on encoder silos; feeds the silo's batching queue. Key: the model, for example <c>lexical</c>.</summary>
[Alias("encoder"), GrainInterfaceType("encoder")]
public interface IEncoderGrain : IGrainWithStringKey
{
    /// <summary>Encodes a batch; the same text always gives the same vector, whatever the batch.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.Busy"/> with a time to retry after when the queue is full.</exception>
    [Alias("encode")]
    Task<EncodedBatch> EncodeAsync(EncodeBatch batch, CancellationToken cancellationToken);
}
