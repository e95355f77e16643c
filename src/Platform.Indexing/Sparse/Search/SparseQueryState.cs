using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>The sums of one window and the bounds of all blocks, in pinned memory that a searcher keeps.</summary>
/// <remarks>Sums are zero between windows.</remarks>
/// <typeparam name="TSum">Type of a sum.</typeparam>
internal sealed unsafe class SparseQueryState<TSum>
    where TSum : unmanaged
{
    // Pinned arrays live as long as this object, which is why the pointers below stay valid.
    private readonly TSum[] _sums = GC.AllocateArray<TSum>(BlockLayout.WindowSize + 64, pinned: true);
    private readonly byte[] _marks = GC.AllocateArray<byte>(BlockLayout.BlocksPerWindow + (BlockLayout.BlocksPerWindow / 8) + 64, pinned: true);
    private TSum[] _bounds = [];

    /// <summary>Makes the arrays.</summary>
    public SparseQueryState()
    {
        Sums = Align(_sums);
        Marks = Align(_marks);
        ChosenBits = (ulong*)(Marks + BlockLayout.BlocksPerWindow);
    }

    /// <summary>Sums of the window's documents. [16384]</summary>
    public TSum* Sums { get; }

    /// <summary>Which blocks of a window are to be scored: 255, else 0. [256]</summary>
    public byte* Marks { get; }

    /// <summary>The same, one bit a block. [4]</summary>
    public ulong* ChosenBits { get; }

    /// <summary>Upper bounds of the segment's blocks, as last asked for. [windows, 256]</summary>
    public TSum* BlockBounds { get; private set; }

    /// <summary>Zeroed bounds of <paramref name="count"/> blocks; the array grows to the largest segment searched.</summary>
    public TSum* BoundsFor(int count)
    {
        if (_bounds.Length < count + 64)
        {
            _bounds = GC.AllocateArray<TSum>(count + 64, pinned: true);
            BlockBounds = Align(_bounds);
        }

        new Span<TSum>(BlockBounds, count).Clear();
        return BlockBounds;
    }

    // A vector load that crosses a cache line costs two; 64 spare elements hold the shift.
    private static T* Align<T>(T[] pinned)
        where T : unmanaged
    {
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        return (T*)((address + 63) & ~(nuint)63);
    }
}
