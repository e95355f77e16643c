using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Platform.Indexing.Dense;

/// <summary>Rows of bfloat16: a float32's upper half, so that a shift widens it.</summary>
internal readonly unsafe struct BFloat16Reader : IRowReader
{
    /// <inheritdoc/>
    public static int Size => sizeof(ushort);

    /// <inheritdoc/>
    public static float Read1(byte* from) => BitConverter.UInt32BitsToSingle((uint)*(ushort*)from << 16);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Read8(byte* from) => (Widen(from) << 16).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Read16(byte* from) => Vector512.Create(Read8(from), Read8(from + 16));

    /// <summary>Reads 8 words as 32-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> Widen(byte* from) => Vector256.WidenLower(Vector128.Load((ushort*)from).ToVector256Unsafe());
}
