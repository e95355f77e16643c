using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Dense;

/// <summary>Lists of links of one length each, in memory that does not move while it grows.</summary>
internal sealed unsafe class LinkLists(int places)
{
    private const int ListsPerChunk = 1024;
    private const int Alignment = 64;

    private readonly List<int[]> _arrays = [];
    private readonly List<nint> _chunks = [];

    /// <summary>Bytes held.</summary>
    public long SizeInBytes => (long)_chunks.Count * ListsPerChunk * places * sizeof(int);

    /// <summary>Makes place for lists 0 to count - 1; new ones are empty.</summary>
    public void Grow(int count)
    {
        while ((long)_chunks.Count * ListsPerChunk < count)
        {
            int[] array = GC.AllocateUninitializedArray<int>((ListsPerChunk * places) + (Alignment / sizeof(int)), pinned: true);
            array.AsSpan().Fill(-1);
            _arrays.Add(array);

            // SAFETY: the array is pinned and held by this object, which whoever has a pointer into it holds.
            nint start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
            _chunks.Add((start + Alignment - 1) & -Alignment);
        }
    }

    /// <summary>The first place of a list.</summary>
    public int* At(int list) => (int*)_chunks[list / ListsPerChunk] + ((long)(list % ListsPerChunk) * places);
}
