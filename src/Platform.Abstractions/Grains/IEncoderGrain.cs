using Platform.Abstractions.Records;

namespace Platform.Abstractions.Grains;

/// <summary>Encodes texts with one model. A stateless worker on encoder silos; feeds the silo's batching queue. Key: <c>lexical</c>, or a model as <c>id@version</c>.</summary>
[Alias("encoder"), GrainInterfaceType("encoder")]
public interface IEncoderGrain : IGrainWithStringKey
{
    /// <summary>Encodes a batch; the same text always gives the same vector, whatever the batch.</summary>
    /// <exception cref="PlatformException">
    /// <see cref="FaultKind.Busy"/> with a time to retry after when the queue is full; <see cref="FaultKind.EncoderMismatch"/> when there is no such
    /// model, or it is not the <see cref="EncodeBatch.Expected"/> one.
    /// </exception>
    [Alias("encode"), ResponseTimeout("00:10:00")]
    Task<EncodedBatch> EncodeAsync(EncodeBatch batch, CancellationToken cancellationToken);

    /// <summary>Loads the model if it is not loaded, and says what it is.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.EncoderMismatch"/>: there is no such model, or it is <c>lexical</c>.</exception>
    [Alias("describe"), ResponseTimeout("00:10:00")]
    Task<EncoderIdentity> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>The text of each term of a sparse model's vectors; empty for an id that is no term.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.EncoderMismatch"/>: there is no such model, or it is <c>lexical</c>.</exception>
    [Alias("term-texts")]
    Task<string[]> GetTermTextsAsync(int[] termIds, CancellationToken cancellationToken);
}
