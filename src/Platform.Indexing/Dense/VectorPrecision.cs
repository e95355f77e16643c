namespace Platform.Indexing.Dense;

/// <summary>How the components of stored vectors are kept; scores are exact for the stored values.</summary>
#pragma warning disable CA1720 // the names of the field, and of the HTTP interface
public enum VectorPrecision
{
    /// <summary>As given. 4 bytes a component.</summary>
    Float32 = 0,

    /// <summary>IEEE half precision: 11 significant bits, magnitudes up to 65,504. 2 bytes a component.</summary>
    Float16 = 1,

    /// <summary>The upper half of float32: 8 significant bits, its range. 2 bytes a component.</summary>
    BFloat16 = 2,

    /// <summary>-127 to 127 times a scale of each vector's own. 1 byte a component.</summary>
    Int8 = 3,
}
#pragma warning restore CA1720
