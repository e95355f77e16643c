using Orleans.Concurrency;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;

namespace Platform.Silo.Grains;

/// <summary>The door of a silo's encoder queue: one activation a silo and model, which never waits.</summary>
[StatelessWorker(1), Reentrant, RolePlacement(Role.Encoder)]
internal sealed class EncoderGrain(EncoderQueue queue) : Grain, IEncoderGrain
{
    /// <inheritdoc/>
    public Task<EncodedBatch> EncodeAsync(EncodeBatch batch, CancellationToken cancellationToken)
    {
        string model = this.GetPrimaryKeyString();
        return model == NewIndexRules.Lexical
            ? queue.EncodeAsync(batch, cancellationToken)
            : throw new PlatformException(FaultKind.EncoderMismatch, $"There is no encoder '{model}'; this build has '{NewIndexRules.Lexical}'.");
    }
}
