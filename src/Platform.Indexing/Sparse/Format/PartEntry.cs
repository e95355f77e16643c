using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>Where a part lies, from the segment's first byte, and the XXH3 of its bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PartEntry(long Offset, long Length, ulong Checksum);
