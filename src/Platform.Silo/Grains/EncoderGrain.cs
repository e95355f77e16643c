using Orleans.Concurrency;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Silo.Batching;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;

namespace Platform.Silo.Grains;

/// <summary>The door of a silo's encoders: one activation a silo and model, which never waits.</summary>
[StatelessWorker(1), Reentrant, RolePlacement(Role.Encoder)]
internal sealed class EncoderGrain(EncoderQueue lexical, ModelEncoders models) : Grain, IEncoderGrain
{
    /// <inheritdoc/>
    public async Task<EncodedBatch> EncodeAsync(EncodeBatch batch, CancellationToken cancellationToken)
    {
        if (this.GetPrimaryKeyString() == NewIndexRules.Lexical)
        {
            return await lexical.EncodeAsync(batch, cancellationToken);
        }

        ModelEncoder model = await ModelAsync().WaitAsync(cancellationToken);
        return await model.EncodeAsync(batch, CallContext.Tenant ?? "", cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<EncoderIdentity> DescribeAsync(CancellationToken cancellationToken) => (await ModelAsync().WaitAsync(cancellationToken)).Identity;

    /// <inheritdoc/>
    public async Task<string[]> GetTermTextsAsync(int[] termIds, CancellationToken cancellationToken) =>
        (await ModelAsync().WaitAsync(cancellationToken)).TermTexts(termIds);

    private Task<ModelEncoder> ModelAsync() => models.GetAsync(this.GetPrimaryKeyString());
}
