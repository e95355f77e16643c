using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>How far a run of <see cref="SparseBenchmark"/> has come.</summary>
/// <param name="Step">What is under way, for example <c>Making documents</c>; or, where there is nothing to count, what was found.</param>
/// <param name="Done">Items of this step done.</param>
/// <param name="Total">Items of this step; 0 where they are not counted.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SparseBenchmarkProgress(string Step, long Done = 0, long Total = 0);
