using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Platform.Indexing.Dense;

/// <summary>Rows of float16.</summary>
/// <remarks>
/// Exponent and fraction are moved to their float32 places and the exponent is rebiased by a multiplication with 2^112, which
/// is exact and right for subnormals too. Infinities and NaN are never stored.
/// </remarks>
internal readonly unsafe struct Float16Reader : IRowReader
{
    private const float Rebias = 5.192296858534828e33f;           // 2^112

    /// <inheritdoc/>
    public static int Size => sizeof(ushort);

    /// <inheritdoc/>
    public static float Read1(byte* from)
    {
        uint word = *(ushort*)from;
        float magnitude = BitConverter.UInt32BitsToSingle((word & 0x7FFF) << 13) * Rebias;
        return (word & 0x8000) == 0 ? magnitude : -magnitude;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Read8(byte* from)
    {
        Vector256<uint> words = BFloat16Reader.Widen(from);
        Vector256<float> magnitudes = ((words & Vector256.Create(0x7FFFu)) << 13).AsSingle() * Vector256.Create(Rebias);
        Vector256<uint> signs = (words & Vector256.Create(0x8000u)) << 16;
        return (magnitudes.AsUInt32() | signs).AsSingle();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Read16(byte* from) => Vector512.Create(Read8(from), Read8(from + 16));
}
