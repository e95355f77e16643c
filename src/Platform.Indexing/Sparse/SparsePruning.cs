using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>How far from exact an answer may be. Each value is above 0 and at most 1, and 1 is exact.</summary>
/// <param name="SuperblockFactor">A superblock is visited if its bound times this reaches the threshold. Carlson et al. 2025, arXiv:2504.17045.</param>
/// <param name="BlockFactor">A block is visited if its bound times this reaches the threshold. Mallia et al. 2024, arXiv:2405.01117.</param>
/// <param name="TermShare">The strongest query terms that hold this share of the query's weight are used.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SparsePruning(float SuperblockFactor, float BlockFactor, float TermShare)
{
    /// <summary>Exact.</summary>
    public static SparsePruning None => new(1, 1, 1);

    /// <summary>Whether the answer is exact.</summary>
    public bool IsExact => SuperblockFactor >= 1 && BlockFactor >= 1 && TermShare >= 1;
}
