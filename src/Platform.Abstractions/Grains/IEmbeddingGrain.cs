using Platform.Abstractions.Records;

namespace Platform.Abstractions.Grains;

/// <summary>Vectors of texts for a tenant, outside of any index. A stateless worker on every silo. Key: <c>{tenant}</c>.</summary>
[Alias("embedding"), GrainInterfaceType("embedding")]
public interface IEmbeddingGrain : IGrainWithStringKey
{
    /// <summary>Encodes texts with a model of the cluster's store; all of them or none.</summary>
    /// <exception cref="PlatformException">
    /// <see cref="FaultKind.EncoderMismatch"/>: there is no such model, or it gives the other kind of vectors. <see cref="FaultKind.Busy"/> with a time to
    /// retry after: the encoder's queue is full. <see cref="FaultKind.Unavailable"/>: no process has the encoder role. <see cref="FaultKind.Invalid"/>: the
    /// vectors are more than an answer may hold.
    /// </exception>
    [Alias("embed"), ResponseTimeout("00:10:00")]
    Task<EmbeddingAnswer> EmbedAsync(EmbeddingCall request, CancellationToken cancellationToken);

    /// <summary>Says what a model is; it is loaded if it is not yet.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.EncoderMismatch"/>: there is no such model. <see cref="FaultKind.Unavailable"/>: no process has the encoder role.</exception>
    [Alias("describe"), ResponseTimeout("00:10:00")]
    Task<EncoderIdentity> DescribeAsync(string model, CancellationToken cancellationToken);
}
