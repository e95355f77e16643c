using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>The blocks of a window that are to be scored.</summary>
/// <param name="marks">255 for a chosen block, else 0. [256]</param>
/// <param name="ids">The numbers of the chosen blocks in the window, ascending. [count]</param>
/// <param name="count">How many blocks.</param>
/// <param name="groups">One bit a group of 256 documents, set where one of its four blocks is chosen.</param>
/// <param name="groupCount">How many groups.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct ChosenBlocks(byte* marks, byte* ids, int count, ulong groups, int groupCount)
{
    /// <summary>255 for a chosen block, else 0. [256]</summary>
    public byte* Marks { get; } = marks;

    /// <summary>The numbers of the chosen blocks in the window, ascending. [count]</summary>
    public byte* Ids { get; } = ids;

    /// <summary>How many blocks.</summary>
    public int Count { get; } = count;

    /// <summary>One bit a group of 256 documents, set where one of its four blocks is chosen.</summary>
    public ulong Groups { get; } = groups;

    /// <summary>How many groups.</summary>
    public int GroupCount { get; } = groupCount;
}
