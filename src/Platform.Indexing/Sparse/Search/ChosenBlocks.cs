using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>The blocks of a window that are to be scored.</summary>
/// <param name="marks">255 for a chosen block, else 0. [256]</param>
/// <param name="groups">One bit a group of 256 documents, set where one of its four blocks is chosen.</param>
/// <param name="groupCount">How many.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct ChosenBlocks(byte* marks, ulong groups, int groupCount)
{
    /// <summary>255 for a chosen block, else 0. [256]</summary>
    public byte* Marks { get; } = marks;

    /// <summary>One bit a group of 256 documents, set where one of its four blocks is chosen.</summary>
    public ulong Groups { get; } = groups;

    /// <summary>How many groups.</summary>
    public int GroupCount { get; } = groupCount;
}
