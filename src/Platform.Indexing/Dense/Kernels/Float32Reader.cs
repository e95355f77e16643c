using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Platform.Indexing.Dense;

/// <summary>Rows of float32.</summary>
internal readonly unsafe struct Float32Reader : IRowReader
{
    /// <inheritdoc/>
    public static int Size => sizeof(float);

    /// <inheritdoc/>
    public static float Read1(byte* from) => *(float*)from;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Read8(byte* from) => Vector256.Load((float*)from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Read16(byte* from) => Vector512.Load((float*)from);
}
