using Orleans.Placement;
using Orleans.Runtime.Placement;
using Platform.Silo.Elastic;

namespace Platform.Silo.Placement;

/// <summary>Activations go where they are told to (a move), else to the silo that holds the fewest bytes.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShardPlacementAttribute() : PlacementAttribute(new ShardPlacementStrategy());

/// <summary>See <see cref="ShardPlacementAttribute"/>.</summary>
internal sealed class ShardPlacementStrategy : PlacementStrategy;

/// <summary>Chooses the silo.</summary>
internal sealed class ShardPlacementDirector(ShardPicture picture) : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        SiloAddress[] silos = context.GetCompatibleSilos(target);
        return Task.FromResult(IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) ?? picture.Choose(silos));
    }
}
