using Orleans.Metadata;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;
using Platform.Abstractions;
using Platform.Silo.Hosting;

namespace Platform.Silo.Placement;

/// <summary>Activations of this grain live only on silos that have the role.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RolePlacementAttribute(string role) : PlacementFilterAttribute(new RolePlacementStrategy(role));

/// <summary>Carries the role in the grain's properties, which every silo of the cluster sees.</summary>
internal sealed class RolePlacementStrategy : PlacementFilterStrategy
{
    private const string RoleProperty = "role";

    /// <summary>For the runtime, which then calls <see cref="AdditionalInitialize"/>.</summary>
    public RolePlacementStrategy()
        : base(order: 0)
    {
    }

    /// <summary>For the attribute.</summary>
    public RolePlacementStrategy(string role)
        : base(order: 0) => RoleName = role;

    /// <summary>The role that a silo must have.</summary>
    public string RoleName { get; private set; } = "";

    /// <inheritdoc/>
    public override void AdditionalInitialize(GrainProperties properties) =>
        RoleName = GetPlacementFilterGrainProperty(RoleProperty, properties)
            ?? throw new InvalidOperationException("A grain with role placement names no role.");

    /// <inheritdoc/>
    protected override IEnumerable<KeyValuePair<string, string>> GetAdditionalGrainProperties(
        IServiceProvider services, Type grainClass, GrainType grainType, IReadOnlyDictionary<string, string> existingProperties) =>
        [new(RoleProperty, RoleName)];
}

/// <summary>Keeps the silos whose metadata list the role, and for an encoder's grain the device that its key asks for.</summary>
internal sealed class RolePlacementDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    /// <summary>The metadata key under which a silo lists its roles, comma separated.</summary>
    public const string RolesKey = "platform.roles";

    /// <summary>The metadata key under which a silo says what its encoder computes on.</summary>
    public const string DeviceKey = "platform.encoder.device";

    /// <inheritdoc/>
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        string role = ((RolePlacementStrategy)filterStrategy).RoleName;
        bool isModel = EncoderName.TryParse(target.GrainIdentity.Key.ToString(), out EncoderName name) && role == Role.Encoder;
        return silos.Where(silo => HasRole(metadata, silo, role) && (!isModel || name.IsServedBy(DeviceOf(metadata, silo))));
    }

    /// <summary>Whether a silo lists a role.</summary>
    public static bool HasRole(ISiloMetadataCache metadata, SiloAddress silo, string role) =>
        metadata.GetSiloMetadata(silo).Metadata.TryGetValue(RolesKey, out string? roles)
        && roles.Split(',').Contains(role, StringComparer.Ordinal);

    /// <summary>What a silo's encoder computes on.</summary>
    public static string DeviceOf(ISiloMetadataCache metadata, SiloAddress silo) => metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(DeviceKey, "cpu");
}
