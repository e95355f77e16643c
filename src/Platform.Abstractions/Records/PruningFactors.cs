namespace Platform.Abstractions.Records;

/// <summary>How far from exact a sparse search may be. Each value is above 0 and at most 1, and 1 leaves nothing out.</summary>
/// <param name="SuperblockFactor">A superblock is visited if its bound times this reaches the threshold.</param>
/// <param name="BlockFactor">A block is visited if its bound times this reaches the threshold.</param>
/// <param name="QueryTermShare">The strongest query terms that hold this share of the query's weight are used.</param>
[GenerateSerializer, Immutable, Alias("pruning-factors")]
public sealed record PruningFactors(
    [property: Id(0)] double SuperblockFactor, [property: Id(1)] double BlockFactor, [property: Id(2)] double QueryTermShare)
{
    /// <summary>Leaves nothing out.</summary>
    public static PruningFactors None { get; } = new(1, 1, 1);
}
