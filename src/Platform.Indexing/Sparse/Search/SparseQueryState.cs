using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>The sums and bounds of one window, in pinned memory that a searcher keeps.</summary>
/// <remarks>Sums are zero between windows.</remarks>
/// <typeparam name="TSum">Type of a sum.</typeparam>
internal sealed unsafe class SparseQueryState<TSum>
    where TSum : unmanaged
{
    // Pinned arrays live as long as this object, which is why the pointers below stay valid.
    private readonly TSum[] _sums = GC.AllocateArray<TSum>(BlockLayout.WindowSize + 64, pinned: true);
    private readonly TSum[] _bounds = GC.AllocateArray<TSum>(BlockLayout.BlocksPerWindow + 64, pinned: true);
    private readonly ushort[] _candidates = GC.AllocateArray<ushort>(BlockLayout.WindowSize + 64, pinned: true);

    private readonly int[] _remaining = GC.AllocateArray<int>(BlockLayout.WindowSize + 64, pinned: true);

    /// <summary>Makes the arrays.</summary>
    public SparseQueryState()
    {
        Sums = Align(_sums);
        Bounds = Align(_bounds);
        Candidates = Align(_candidates);
        Remaining = Align(_remaining);
    }

    /// <summary>Sums of the window's documents. [16384]</summary>
    public TSum* Sums { get; }

    /// <summary>Upper bounds of the window's blocks. [256]</summary>
    public TSum* Bounds { get; }

    /// <summary>Documents of the window still to be completed. [16384]</summary>
    public ushort* Candidates { get; }

    /// <summary>For each candidate, the most that the terms not yet looked up can add. [16384]</summary>
    public int* Remaining { get; }

    // A vector load that crosses a cache line costs two; 64 spare elements hold the shift.
    private static T* Align<T>(T[] pinned)
        where T : unmanaged
    {
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        return (T*)((address + 63) & ~(nuint)63);
    }
}
