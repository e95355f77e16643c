using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>One document of an answer.</summary>
/// <param name="DocId">The document.</param>
/// <param name="Score">Σ query impact x impact, over the terms both have. Above 0 unless a query weight is negative.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SparseHit(int DocId, long Score);
