using System.Runtime.Intrinsics;

namespace Platform.Indexing.Dense;

/// <summary>Reads components of stored rows as float32; every width gives the same values.</summary>
internal unsafe interface IRowReader
{
    /// <summary>Bytes of a component.</summary>
    static abstract int Size { get; }

    /// <summary>Reads one component.</summary>
    static abstract float Read1(byte* from);

    /// <summary>Reads 8 components.</summary>
    static abstract Vector256<float> Read8(byte* from);

    /// <summary>Reads 16 components.</summary>
    static abstract Vector512<float> Read16(byte* from);
}
