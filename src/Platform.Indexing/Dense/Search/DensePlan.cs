using System.Runtime.InteropServices;

namespace Platform.Indexing.Dense;

/// <summary>How a query is to be answered.</summary>
/// <param name="Algorithm">By what.</param>
/// <param name="Reason">Why.</param>
/// <param name="Ef">The width of the beam in a graph; 0 for a scan.</param>
/// <param name="Budget">Rows that may be scored in the graph before a scan takes over.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DensePlan(DenseAlgorithm Algorithm, DenseReason Reason, int Ef, long Budget);
