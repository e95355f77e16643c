using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Platform.Encoders.Weights;

/// <summary>A tensor to be written: its description, and a way to write its bytes when its turn comes.</summary>
public sealed class TensorContent
{
    /// <summary>The tensor's name, 1 to 512 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The elements' format.</summary>
    public required ElementType ElementType { get; init; }

    /// <summary>The dimensions, outermost first; at most 8, none negative.</summary>
    public required ImmutableArray<long> Shape { get; init; }

    /// <summary>Writes exactly the shape's bytes: row-major, little-endian. Called once.</summary>
    public required Func<Stream, CancellationToken, Task> WriteAsync { get; init; }

    /// <summary>A float32 tensor held in memory.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its dimensions; their product is the number of values.</param>
    /// <param name="values">Its elements, row-major; kept until written.</param>
    public static TensorContent Of(string name, ImmutableArray<long> shape, float[] values) => new()
    {
        Name = name,
        ElementType = ElementType.F32,
        Shape = shape,
        WriteAsync = async (stream, cancellationToken) =>
            await stream.WriteAsync(MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), cancellationToken),
    };
}
