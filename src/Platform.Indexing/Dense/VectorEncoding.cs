using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Dense;

/// <summary>Between float32 and the stored precisions; rounds to nearest, ties to even.</summary>
internal static class VectorEncoding
{
    /// <summary>Writes a row; its padding is zeroed.</summary>
    /// <param name="layout">Dimension and precision; not int8, whose rows are codes: see <see cref="Int8Quantiser"/>.</param>
    /// <param name="vector">Checked by <see cref="VectorLayout.Check(ReadOnlySpan{float})"/>.</param>
    /// <param name="row">One row of bytes.</param>
    public static void Encode(VectorLayout layout, ReadOnlySpan<float> vector, Span<byte> row)
    {
        row.Clear();
        switch (layout.Precision)
        {
            case VectorPrecision.Float32:
                MemoryMarshal.AsBytes(vector).CopyTo(row);
                break;
            case VectorPrecision.Float16:
                TensorPrimitives.ConvertToHalf(vector, MemoryMarshal.Cast<byte, Half>(row));
                break;
            case VectorPrecision.BFloat16:
                Span<ushort> words = MemoryMarshal.Cast<byte, ushort>(row);
                for (int i = 0; i < vector.Length; i++)
                {
                    uint bits = BitConverter.SingleToUInt32Bits(vector[i]);
                    words[i] = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(layout), layout.Precision, "Int8 rows are written by the quantiser.");
        }
    }

    /// <summary>Reads a row.</summary>
    /// <param name="layout">Dimension and precision.</param>
    /// <param name="row">One row of bytes.</param>
    /// <param name="scale">The value of a code's step; used by int8 only.</param>
    /// <param name="vector">Receives one float a dimension.</param>
    public static void Decode(VectorLayout layout, ReadOnlySpan<byte> row, float scale, Span<float> vector)
    {
        int dimensions = layout.Dimensions;
        switch (layout.Precision)
        {
            case VectorPrecision.Float32:
                MemoryMarshal.Cast<byte, float>(row)[..dimensions].CopyTo(vector);
                break;
            case VectorPrecision.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(row)[..dimensions], vector);
                break;
            case VectorPrecision.BFloat16:
                for (int i = 0; i < dimensions; i++)
                {
                    vector[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(row[(2 * i)..]) << 16);
                }

                break;
            default:
                for (int i = 0; i < dimensions; i++)
                {
                    vector[i] = scale * (sbyte)row[i];
                }

                break;
        }
    }
}
