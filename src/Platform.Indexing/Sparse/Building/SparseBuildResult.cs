using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>What building a segment returned.</summary>
/// <param name="SizeInBytes">Bytes written.</param>
/// <param name="Order">For each docId, the number of the document in the order of adding; null where they are the same.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SparseBuildResult(long SizeInBytes, int[]? Order);
