using System.Collections.Immutable;

namespace Platform.Encoders.Weights;

/// <summary>Where one tensor's bytes lie: row-major, little-endian, without gaps.</summary>
/// <remarks>Checked when its file was opened: the range lay inside the file and held exactly the shape's elements.</remarks>
public sealed class TensorEntry
{
    /// <summary>The tensor's name, for example <c>model.layers.0.self_attn.q_proj.weight</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The elements' format.</summary>
    public required ElementType ElementType { get; init; }

    /// <summary>The dimensions, outermost first; empty for a scalar. None is negative; a zero means no elements.</summary>
    public required ImmutableArray<long> Shape { get; init; }

    /// <summary>The full path of the file.</summary>
    public required string FilePath { get; init; }

    /// <summary>The first byte's position in the file. Not always a multiple of the element's size.</summary>
    public required long FileOffset { get; init; }

    /// <summary>The bytes of all elements.</summary>
    public required long ByteLength { get; init; }

    /// <summary>The number of elements.</summary>
    public long ElementCount => ByteLength / ElementType.SizeOf();

    /// <summary>The shape as messages show it, for example <c>[512, 64]</c>.</summary>
    public string ShapeText => TextOf(Shape);

    /// <summary>Reads the tensor's bytes.</summary>
    /// <param name="destination">Of <see cref="ByteLength"/> bytes.</param>
    /// <exception cref="CheckpointException">The file ends before the tensor does: it was changed since it was opened.</exception>
    public void Read(Span<byte> destination)
    {
        if (destination.Length != ByteLength)
        {
            throw new ArgumentException($"Tensor '{Name}' has {ByteLength} bytes; the destination has {destination.Length}.", nameof(destination));
        }

        using var handle = File.OpenHandle(FilePath);
        long position = FileOffset;
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(handle, destination, position);
            if (read == 0)
            {
                throw CheckpointException.OfTensor(FilePath, Name, $"ends at byte {position} of {FileOffset + ByteLength}", "The file was changed while in use; fetch it again.");
            }

            position += read;
            destination = destination[read..];
        }
    }

    internal static string TextOf(ImmutableArray<long> shape) => $"[{string.Join(", ", shape)}]";
}
