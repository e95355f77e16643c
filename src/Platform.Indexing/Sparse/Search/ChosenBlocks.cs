using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>The blocks of a window that are to be scored.</summary>
/// <param name="marks">255 for a chosen block, else 0. [256]</param>
/// <param name="bits">The same, one bit a block. [4]</param>
/// <param name="count">How many blocks.</param>
/// <param name="groups">One bit a group of 256 documents, set where one of its four blocks is chosen.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct ChosenBlocks(byte* marks, ulong* bits, int count, ulong groups)
{
    /// <summary>255 for a chosen block, else 0. [256]</summary>
    public byte* Marks { get; } = marks;

    /// <summary>The same, one bit a block. [4]</summary>
    public ulong* Bits { get; } = bits;

    /// <summary>How many blocks.</summary>
    public int Count { get; } = count;

    /// <summary>One bit a group of 256 documents, set where one of its four blocks is chosen.</summary>
    public ulong Groups { get; } = groups;
}
