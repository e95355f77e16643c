namespace Platform.Encoders.Weights;

/// <summary>The number format of a tensor's elements; the names are those of safetensors.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 binary32, 4 bytes.</summary>
    F32,

    /// <summary>IEEE 754 binary16, 2 bytes.</summary>
    F16,

    /// <summary>bfloat16: the upper half of a binary32, 2 bytes.</summary>
    BF16,
}

/// <summary>What follows from an element type.</summary>
public static class ElementTypes
{
    /// <summary>Bytes an element.</summary>
    public static int SizeOf(this ElementType type) => type == ElementType.F32 ? 4 : 2;
}
