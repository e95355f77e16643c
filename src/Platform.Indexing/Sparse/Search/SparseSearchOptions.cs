using System.Runtime.InteropServices;
using Platform.Indexing.Ranking;

namespace Platform.Indexing.Sparse;

/// <summary>How to answer one query. The default is exact.</summary>
/// <param name="K">How many documents at most, at least 1.</param>
/// <param name="Algorithm">Which algorithm; <see cref="SparseAlgorithm.Planned"/> by default.</param>
/// <param name="WindowFactor">In (0, 1]: a window's bound times this must reach the threshold. 1 is exact.</param>
/// <param name="BlockFactor">In (0, 1]: a block's bound times this must reach the threshold. 1 is exact.</param>
/// <param name="TermShare">In (0, 1]: the strongest query terms that hold this share of the query's weight are used. 1 is exact.</param>
/// <param name="Work">Told after each window, and ends the search once nobody waits for it; null for a search that always ends.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SparseSearchOptions(
    int K,
    SparseAlgorithm Algorithm = SparseAlgorithm.Planned,
    float WindowFactor = 1f,
    float BlockFactor = 1f,
    float TermShare = 1f,
    SearchWork? Work = null)
{
    /// <summary>Whether the answer is the same as that of a dot product with every document.</summary>
    public bool IsExact => WindowFactor >= 1f && BlockFactor >= 1f && TermShare >= 1f;

    /// <summary>What is out of range, or null.</summary>
    public string? Fault() => (K, WindowFactor, BlockFactor, TermShare) switch
    {
        ( < 1, _, _, _) => $"k is {K}; it must be at least 1.",
        (_, > 0 and <= 1, > 0 and <= 1, > 0 and <= 1) => null,
        _ => $"Pruning factors must be above 0 and at most 1; they are {WindowFactor} (windows), {BlockFactor} (blocks) and {TermShare} (terms). Use 1 for an exact answer.",
    };
}
