using System.Buffers;
using System.Runtime.CompilerServices;

namespace Platform.Indexing.Storage;

/// <summary>Unsigned integers in 7-bit groups, least significant first; the high bit says that another byte follows (LEB128).</summary>
internal static class Varint
{
    /// <summary>The most bytes a 32-bit value takes.</summary>
    public const int MaxBytes = 5;

    /// <summary>Writes a value and returns the number of bytes.</summary>
    public static int Write(Span<byte> target, uint value)
    {
        int length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[length++] = (byte)value;
        return length;
    }

    /// <summary>Appends a value to a buffer.</summary>
    public static void Write(IBufferWriter<byte> target, int value) => target.Advance(Write(target.GetSpan(MaxBytes), checked((uint)value)));

    /// <summary>Reads bytes that this process or a checksum vouches for; only the span's bounds are checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ReadOnlySpan<byte> source, ref int position)
    {
        uint value = source[position++];
        if (value < 0x80)
        {
            return (int)value;
        }

        value &= 0x7f;
        int shift = 7;
        while (true)
        {
            uint next = source[position++];
            value |= (next & 0x7f) << shift;
            if (next < 0x80)
            {
                return (int)value;
            }

            shift += 7;
        }
    }
}
