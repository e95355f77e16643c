using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>The k best documents, by score descending then key rank ascending; only documents that have a query term.</summary>
/// <param name="Hits">The documents, best first.</param>
/// <param name="Execution">What it took.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SparseTopK(SparseHit[] Hits, SparseExecution Execution);
