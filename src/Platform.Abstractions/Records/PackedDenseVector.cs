using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Platform.Abstractions.Records;

/// <summary>A dense vector as little-endian bytes: arrays of numbers cross the wire tens of times faster so.</summary>
[GenerateSerializer, Immutable, Alias("dense-vector")]
public sealed record PackedDenseVector
{
    /// <summary>Components, float32.</summary>
    [Id(0)]
    public required ReadOnlyMemory<byte> Components { get; init; }

    /// <summary>Number of components.</summary>
    public int Dimensions => Components.Length / sizeof(float);

    /// <summary>The components as numbers.</summary>
    public ReadOnlySpan<float> Values => BitConverter.IsLittleEndian
        ? MemoryMarshal.Cast<byte, float>(Components.Span)
        : throw new PlatformNotSupportedException("Packed vectors are read on little-endian machines.");

    /// <summary>Packs components.</summary>
    public static PackedDenseVector Pack(ReadOnlySpan<float> components)
    {
        byte[] packed = new byte[components.Length * sizeof(float)];
        for (int i = 0; i < components.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(packed.AsSpan(i * sizeof(float)), components[i]);
        }

        return new PackedDenseVector { Components = packed };
    }
}
