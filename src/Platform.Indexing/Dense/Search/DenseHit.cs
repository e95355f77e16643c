using System.Runtime.InteropServices;

namespace Platform.Indexing.Dense;

/// <summary>One document of an answer.</summary>
/// <param name="DocId">The document.</param>
/// <param name="Score">Inner product of the query and the stored vector.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DenseHit(int DocId, float Score);
