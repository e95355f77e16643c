namespace Platform.Client.Contracts;

/// <summary>Approximate search by request: what a sparse search may leave out. Each value is above 0 and at most 1; 1, the default, leaves nothing out.</summary>
/// <remarks>A hit's score is exact for the terms that are used; what may be missing are hits.</remarks>
public sealed record PruningSpec
{
    /// <summary>A superblock of documents is visited if its bound times this reaches the score of the k-th hit: μ in Carlson et al. 2025, arXiv:2504.17045.</summary>
    public double SuperblockFactor { get; set; } = 1;

    /// <summary>A block of documents is visited if its bound times this reaches the score of the k-th hit: α in Mallia et al. 2024, arXiv:2405.01117.</summary>
    public double BlockFactor { get; set; } = 1;

    /// <summary>The strongest query terms that hold this share of the query's weight are used: query-term pruning, β in Mallia et al. 2024.</summary>
    public double QueryTermShare { get; set; } = 1;
}
