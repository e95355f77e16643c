using Orleans.Runtime.MembershipService.SiloMetadata;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Silo.Hosting;

namespace Platform.Silo.Placement;

/// <summary>Where index silos find encoders: the grain of a model, if any process of the cluster can run it.</summary>
internal sealed class EncoderDirectory(IGrainFactory grains, ISiloStatusOracle membership, ISiloMetadataCache metadata)
{
    /// <summary>The grain that encodes with a model.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.Unavailable"/>: no process has the encoder role, which no placement could mend.</exception>
    public IEncoderGrain Of(string model)
    {
        SiloAddress[] active = [.. membership.GetApproximateSiloStatuses(onlyActive: true).Keys];
        return active.Any(silo => RolePlacementDirector.HasRole(metadata, silo, Role.Encoder))
            ? grains.GetGrain<IEncoderGrain>(model)
            : throw new PlatformException(
                FaultKind.Unavailable,
                $"None of the cluster's {active.Length} processes has the role '{Role.Encoder}', so text can't be encoded. Start one with 'platform serve --roles {Role.Encoder}'.",
                TimeSpan.FromSeconds(5));
    }
}
