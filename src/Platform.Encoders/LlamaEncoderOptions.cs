using System.Diagnostics.CodeAnalysis;

namespace Platform.Encoders;

/// <summary>Where and how a <see cref="LlamaEncoder"/> computes.</summary>
public sealed record LlamaEncoderOptions
{
    /// <summary><c>cpu</c> (default), <c>cuda</c> or <c>cuda:1</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The arithmetic; by default what the start-up test finds the faster of the right ones.</summary>
    public Arithmetic Arithmetic { get; init; }

    /// <summary>Threads of one operation; 0 (default) for the physical cores. The first encoder of a process decides.</summary>
    public int Threads { get; init; }

    /// <summary>Whether a token sees only those before it. False (default) for encoders; true for checking an untouched language model.</summary>
    public bool Causal { get; init; }

    /// <summary>
    /// Whether each text is computed alone in float32, so that its vector is the same to the last bit whatever stands beside it. Slower for short
    /// texts. False by default: then vectors differ in the last digits with the batch.
    /// </summary>
    public bool Deterministic { get; init; }

    /// <summary>Terms kept of a sparse vector, the heaviest first; null (default) for all above 0.</summary>
    public int? TopTerms { get; init; }

    /// <summary>What logits are multiplied with; null (default) for hidden^(-1/4).</summary>
    public double? LogitScale { get; init; }
}

/// <summary>The number format a model computes in.</summary>
public enum Arithmetic
{
    /// <summary>bfloat16 where a start-up test finds it right and faster, else float32.</summary>
    Automatic,

    /// <summary>32 bits.</summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "It is the name of the format.")]
    Float32,

    /// <summary>16 bits, with float32 sums.</summary>
    BFloat16,
}
