using Orleans.Runtime.MembershipService.SiloMetadata;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Silo.Hosting;

namespace Platform.Silo.Placement;

/// <summary>Where encoders are: the grain of a model, if any process of the cluster can run it.</summary>
internal sealed class EncoderDirectory(IGrainFactory grains, ISiloStatusOracle membership, ISiloMetadataCache metadata)
{
    private static readonly TimeSpan UntilNextLook = TimeSpan.FromSeconds(5);

    /// <summary>The grain that encodes under a name.</summary>
    /// <param name="encoder"><c>lexical</c>, or a model's <see cref="EncoderName"/>.</param>
    /// <exception cref="PlatformException"><see cref="FaultKind.Unavailable"/>: no process has the encoder role, or none the device; no placement could mend that.</exception>
    public IEncoderGrain Of(string encoder)
    {
        SiloAddress[] active = [.. membership.GetApproximateSiloStatuses(onlyActive: true).Keys];
        SiloAddress[] encoders = [.. active.Where(silo => RolePlacementDirector.HasRole(metadata, silo, Role.Encoder))];
        if (encoders.Length == 0)
        {
            throw new PlatformException(
                FaultKind.Unavailable,
                $"None of the cluster's {active.Length} processes has the role '{Role.Encoder}', so text can't be encoded. Start one with 'platform serve --roles {Role.Encoder}'.",
                UntilNextLook);
        }

        if (EncoderName.TryParse(encoder, out EncoderName name) && !Array.Exists(encoders, silo => name.IsServedBy(RolePlacementDirector.DeviceOf(metadata, silo))))
        {
            string devices = string.Join(", ", encoders.Select(silo => RolePlacementDirector.DeviceOf(metadata, silo)).Distinct().Order(StringComparer.Ordinal));
            throw new PlatformException(
                FaultKind.Unavailable,
                $"No encoder process computes on '{name.Device}'; the cluster's compute on {devices}. Start one with the setting Encoder:Device={name.Device}, or name the model as '{name.Model}'.",
                UntilNextLook);
        }

        return grains.GetGrain<IEncoderGrain>(encoder);
    }
}
