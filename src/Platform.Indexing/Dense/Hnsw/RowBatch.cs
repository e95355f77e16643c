using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Platform.Indexing.Dense;

/// <summary>A few rows, wherever they lie, to be multiplied with one query: they are asked for from memory before they are needed.</summary>
internal sealed unsafe class RowBatch
{
    /// <summary>The most rows.</summary>
    public const int Capacity = 2 * HnswOptions.MaxM;

    private const int CacheLine = 64;
    private const int LinesAhead = 2;

    private readonly int[] _numbers = GC.AllocateArray<int>(2 * Capacity, pinned: true);
    private readonly float[] _floats = GC.AllocateArray<float>(2 * Capacity, pinned: true);
    private readonly nint[] _places = GC.AllocateArray<nint>(Capacity, pinned: true);

    public RowBatch()
    {
        // SAFETY: all three arrays are pinned and held by this object.
        Rows = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_numbers));
        Products = Rows + Capacity;
        Scores = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_floats));
        Scales = Scores + Capacity;
        Places = (byte**)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_places));
    }

    /// <summary>Rows in use.</summary>
    public int Count { get; set; }

    /// <summary>The rows.</summary>
    public int* Rows { get; }

    /// <summary>Receives their scores.</summary>
    public float* Scores { get; }

    /// <summary>After <see cref="MultiplyCodes"/>, products of codes.</summary>
    public int* Products { get; }

    /// <summary>After <see cref="MultiplyCodes"/>, the values of the codes' steps.</summary>
    public float* Scales { get; }

    private byte** Places { get; }

    /// <summary>Multiplies a query's code (behind it its magnitudes) with the rows' codes.</summary>
    /// <exception cref="DenseFormatException">A row is damaged.</exception>
    public void MultiplyCodes(VectorRows rows, sbyte* query)
    {
        int length = rows.Layout.CodeBytes;
        for (int i = 0; i < Count; i++)
        {
            int row = Rows[i];
            int block = row / VectorLayout.BlockSize;
            int within = row % VectorLayout.BlockSize;
            Places[i] = (byte*)rows.Codes(block) + ((long)within * length);
            Prefetch(Places[i], 0, Math.Min(length, LinesAhead * CacheLine));
            Prefetch((byte*)(rows.Bounds(block) + within), 0, 1);
        }

        int at = 0;
        PrefetchRest(0, length);
        for (; at + 4 <= Count; at += 4)
        {
            PrefetchRest(at + 4, length);
            CodeProduct.Dot4(query, (sbyte*)Places[at], (sbyte*)Places[at + 1], (sbyte*)Places[at + 2], (sbyte*)Places[at + 3], length, Products + at);
        }

        for (; at < Count; at++)
        {
            Products[at] = CodeProduct.Dot(query, (sbyte*)Places[at], length);
        }

        for (int i = 0; i < Count; i++)
        {
            Scales[i] = rows.Bounds(Rows[i] / VectorLayout.BlockSize)[Rows[i] % VectorLayout.BlockSize];
        }
    }

    /// <summary>Multiplies a padded query with the rows as they are stored.</summary>
    /// <exception cref="DenseFormatException">A row is damaged.</exception>
    public void MultiplyRows<TReader>(VectorRows rows, float* query)
        where TReader : struct, IRowReader
    {
        VectorLayout layout = rows.Layout;
        for (int i = 0; i < Count; i++)
        {
            Places[i] = rows.Rows(Rows[i] / VectorLayout.BlockSize) + ((long)(Rows[i] % VectorLayout.BlockSize) * layout.RowBytes);
            Prefetch(Places[i], 0, Math.Min(layout.RowBytes, LinesAhead * CacheLine));
        }

        int at = 0;
        for (; at + 4 <= Count; at += 4)
        {
            RowProduct<TReader>.Dot4(query, Places[at], Places[at + 1], Places[at + 2], Places[at + 3], layout.PaddedDimensions, Scores + at);
        }

        for (; at < Count; at++)
        {
            Scores[at] = RowProduct<TReader>.Dot(query, Places[at], layout.PaddedDimensions);
        }

        for (int i = 0; i < Count && layout.Precision == VectorPrecision.Int8; i++)
        {
            Scores[i] *= rows.Bounds(Rows[i] / VectorLayout.BlockSize)[Rows[i] % VectorLayout.BlockSize];
        }
    }

    private void PrefetchRest(int from, int length)
    {
        for (int i = from; i < Math.Min(from + 4, Count); i++)
        {
            Prefetch(Places[i], LinesAhead * CacheLine, length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* place, int from, int to)
    {
        for (int at = from; at < to && Sse.IsSupported; at += CacheLine)
        {
            Sse.Prefetch0(place + at);
        }
    }
}
