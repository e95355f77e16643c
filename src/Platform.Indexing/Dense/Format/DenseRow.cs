using System.Runtime.InteropServices;

namespace Platform.Indexing.Dense;

/// <summary>A vector to be written: where it lies now, and its document in the new segment.</summary>
/// <param name="Source">Holds it.</param>
/// <param name="Row">Its row there.</param>
/// <param name="DocId">Its document in the segment being written.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DenseRow(VectorRows Source, int Row, int DocId);
