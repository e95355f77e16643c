using System.Runtime.InteropServices;

namespace Platform.Indexing.Dense;

/// <summary>The k best documents, by score descending then the caller's order of ties.</summary>
/// <param name="Hits">The documents, best first.</param>
/// <param name="Execution">What it took.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DenseTopK(DenseHit[] Hits, DenseExecution Execution);
