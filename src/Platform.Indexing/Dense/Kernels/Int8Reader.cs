using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Platform.Indexing.Dense;

/// <summary>Rows of int8; a score is still to be multiplied by the row's scale.</summary>
internal readonly unsafe struct Int8Reader : IRowReader
{
    /// <inheritdoc/>
    public static int Size => sizeof(sbyte);

    /// <inheritdoc/>
    public static float Read1(byte* from) => *(sbyte*)from;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Read8(byte* from)
    {
        Vector128<short> words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)from).AsSByte());
        return Vector256.ConvertToSingle(Vector256.WidenLower(words.ToVector256Unsafe()));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Read16(byte* from) => Vector512.Create(Read8(from), Read8(from + 8));
}
