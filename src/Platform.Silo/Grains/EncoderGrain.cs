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

        using ModelLease lease = await RentAsync(cancellationToken);
        return await lease.Encoder.EncodeAsync(batch, CallContext.Tenant ?? "", cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<EncoderIdentity> DescribeAsync(CancellationToken cancellationToken)
    {
        using ModelLease lease = await RentAsync(cancellationToken);
        return lease.Encoder.Identity;
    }

    /// <inheritdoc/>
    public async Task<string[]> GetTermTextsAsync(int[] termIds, CancellationToken cancellationToken)
    {
        using ModelLease lease = await RentAsync(cancellationToken);
        return lease.Encoder.TermTexts(termIds);
    }

    private Task<ModelLease> RentAsync(CancellationToken cancellationToken) => models.RentAsync(
        EncoderName.TryParse(this.GetPrimaryKeyString(), out EncoderName name) ? name.Model : this.GetPrimaryKeyString(), cancellationToken);
}
