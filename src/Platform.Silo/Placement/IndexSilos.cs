using Orleans.Runtime.MembershipService.SiloMetadata;
using Platform.Abstractions;
using Platform.Silo.Hosting;

namespace Platform.Silo.Placement;

/// <summary>The silos of the cluster that can hold shards.</summary>
internal sealed class IndexSilos(ISiloStatusOracle membership, ISiloMetadataCache metadata)
{
    /// <summary>Those that are active, by address.</summary>
    public SiloAddress[] All() =>
        [.. membership.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(silo => RolePlacementDirector.HasRole(metadata, silo, Role.Index)).Order()];

    /// <summary>One by its address and port.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.NotFound"/>.</exception>
    public SiloAddress Find(string endpoint)
    {
        SiloAddress[] all = All();
        return all.FirstOrDefault(silo => silo.Endpoint.ToString() == endpoint)
            ?? throw new PlatformException(
                FaultKind.NotFound, $"No silo '{endpoint}' can hold shards; those that can are {string.Join(", ", all.Select(silo => silo.Endpoint))}.");
    }
}
