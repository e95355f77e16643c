using System.Runtime.InteropServices;

namespace Platform.Indexing.Dense;

/// <summary>What answering a query took.</summary>
/// <param name="Algorithm">The one that answered.</param>
/// <param name="Codes">Products with codes, those of a graph that was given up included.</param>
/// <param name="Vectors">Products with stored vectors.</param>
/// <param name="Reason">Why this algorithm.</param>
/// <param name="Ef">The width of the beam, where a graph answered.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DenseExecution(
    DenseAlgorithm Algorithm, long Codes, long Vectors, DenseReason Reason = DenseReason.Asked, int Ef = 0);
