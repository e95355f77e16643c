using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Platform.Indexing.Sparse;

/// <summary>Vector work on the 64 sums, bounds or impacts of blocks.</summary>
internal static unsafe class BlockVectors
{
    /// <summary>The documents of a block whose sum is at least <paramref name="least"/>, one bit a document.</summary>
    /// <param name="block">Sums. [64]</param>
    /// <param name="least">At least 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AtLeast<TSum>(TSum* block, TSum least)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        Vector256<TSum> edge = Vector256.Create(least);
        if (typeof(TSum) == typeof(ushort) && Avx2.IsSupported)
        {
            Vector256<ushort> a = Vector256.GreaterThanOrEqual(Vector256.Load(block), edge).AsUInt16();
            Vector256<ushort> b = Vector256.GreaterThanOrEqual(Vector256.Load(block + 16), edge).AsUInt16();
            Vector256<ushort> c = Vector256.GreaterThanOrEqual(Vector256.Load(block + 32), edge).AsUInt16();
            Vector256<ushort> d = Vector256.GreaterThanOrEqual(Vector256.Load(block + 48), edge).AsUInt16();
            return ((a | b) | (c | d)) == Vector256<ushort>.Zero ? 0 : Bits(a, b) | ((ulong)Bits(c, d) << 32);
        }

        ulong result = 0;
        for (int i = 0; i < BlockLayout.BlockSize; i += Vector256<TSum>.Count)
        {
            result |= (ulong)Vector256.GreaterThanOrEqual(Vector256.Load(block + i), edge).ExtractMostSignificantBits() << i;
        }

        return result;
    }

    /// <summary>Adds weight times the block maxima to bounds.</summary>
    /// <param name="bounds">Bounds of blocks, writable up to a multiple of 64. [count]</param>
    /// <param name="maxima">Block maxima, as <see cref="MaximaCodec"/> lays them out.</param>
    /// <param name="count">Blocks.</param>
    /// <param name="weight">The query's impact of the term.</param>
    public static void AddMaxima<TSum>(TSum* bounds, byte* maxima, int count, int weight)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        Vector128<byte> levels = Vector128.Load(maxima);
        Vector128<byte> low = Vector128.Create((byte)15);
        byte* numbers = maxima + MaximaCodec.Levels;
        for (int i = 0; i < count; i += MaximaCodec.GroupBlocks, numbers += MaximaCodec.GroupBlocks / 2)
        {
            Vector128<byte> first = Vector128.Load(numbers);
            Vector128<byte> second = Vector128.Load(numbers + 16);
            Add16(bounds + i, Vector128.ShuffleNative(levels, first & low), weight);
            Add16(bounds + i + 16, Vector128.ShuffleNative(levels, second & low), weight);
            Add16(bounds + i + 32, Vector128.ShuffleNative(levels, (first.AsUInt16() >>> 4).AsByte() & low), weight);
            Add16(bounds + i + 48, Vector128.ShuffleNative(levels, (second.AsUInt16() >>> 4).AsByte() & low), weight);
        }
    }

    /// <summary>Adds weight times 16 impacts to 16 sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add16<TSum>(TSum* sums, Vector128<byte> impacts, int weight)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(impacts);
        Vector256<ushort> words = Avx2.IsSupported ? Avx2.ConvertToVector256Int16(impacts).AsUInt16() : Vector256.Create(low, high);
        if (typeof(TSum) == typeof(ushort))
        {
            (Vector256.Load((ushort*)sums) + (words * (ushort)weight)).Store((ushort*)sums);
            return;
        }

        (Vector256<uint> first, Vector256<uint> second) = Vector256.Widen(words);
        (Vector256.Load((int*)sums) + (first.AsInt32() * weight)).Store((int*)sums);
        (Vector256.Load((int*)sums + 8) + (second.AsInt32() * weight)).Store((int*)sums + 8);
    }

    /// <summary>The largest of a block's sums, none of them negative; clears them.</summary>
    /// <param name="block">Sums. [64]</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSum TakeLargest<TSum>(TSum* block)
        where TSum : unmanaged, IBinaryInteger<TSum>
    {
        Vector256<TSum> largest = Vector256<TSum>.Zero;
        for (int i = 0; i < BlockLayout.BlockSize; i += Vector256<TSum>.Count)
        {
            largest = Vector256.Max(largest, Vector256.Load(block + i));
            Vector256<TSum>.Zero.Store(block + i);
        }

        Vector128<TSum> half = Vector128.Max(largest.GetLower(), largest.GetUpper());
        if (typeof(TSum) == typeof(ushort) && Sse41.IsSupported)
        {
            return TSum.CreateTruncating((ushort)~Sse41.MinHorizontal(~half.AsUInt16()).ToScalar());
        }

        TSum result = TSum.Zero;
        for (int i = 0; i < Vector128<TSum>.Count; i++)
        {
            result = TSum.Max(result, half[i]);
        }

        return result;
    }

    private static uint Bits(Vector256<ushort> low, Vector256<ushort> high)
    {
        Vector256<byte> bytes = Avx2.PackSignedSaturate(low.AsInt16(), high.AsInt16()).AsByte();      // lanes come in the order 0, 2, 1, 3
        return Avx2.Permute4x64(bytes.AsUInt64(), 0b11_01_10_00).AsByte().ExtractMostSignificantBits();
    }
}
