using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Dense;

/// <summary>A query in the shapes that the kernels read: padded floats, code, norms. Reused from query to query.</summary>
internal sealed unsafe class DenseQuery
{
    private float[] _values = [];
    private sbyte[] _code = [];

    /// <summary>The query, padded with zeros. [layout.CodeBytes]</summary>
    public float* Values { get; private set; }

    /// <summary>The query's code, then its magnitudes. [2 layout.CodeBytes]</summary>
    public sbyte* Code { get; private set; }

    /// <summary>The value of a step of the code.</summary>
    public float Scale { get; private set; }

    /// <summary>At least the norm of the query.</summary>
    public float Norm { get; private set; }

    /// <summary>At least the norm of the difference between the query and its code's values.</summary>
    public float Error { get; private set; }

    /// <summary>Takes a query.</summary>
    /// <exception cref="DenseVectorException">Wrong dimension, not finite or too large.</exception>
    public void Set(VectorLayout layout, ReadOnlySpan<float> query)
    {
        layout.CheckQuery(query);
        if (_values.Length != layout.CodeBytes)
        {
            // SAFETY: pinned, and held by this object, which outlives its pointers.
            _values = GC.AllocateArray<float>(layout.CodeBytes, pinned: true);
            _code = GC.AllocateArray<sbyte>(2 * layout.CodeBytes, pinned: true);
            Values = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_values));
            Code = (sbyte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_code));
        }

        query.CopyTo(_values);
        Span<sbyte> code = _code.AsSpan(0, layout.CodeBytes);
        CodeBound bound = Int8Quantiser.Quantise(query, code);
        TensorPrimitives.Abs(code, _code.AsSpan(layout.CodeBytes));
        Scale = bound.Scale;
        Error = bound.Error;
        Norm = (bound.Norm + bound.Error) * 1.0001f;
    }
}
