using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Indexing.Dense;

namespace Platform.Silo.Grains;

/// <summary>Dense vectors on their way into an index or a query of it: what is refused, and what the index's similarity makes of them.</summary>
internal static class DenseVectors
{
    /// <summary>Why an index can't keep a vector, or null.</summary>
    public static string? Fault(PackedDenseVector vector, IndexDefinition index)
    {
        if (index.Dense is not { } dense)
        {
            return NoVectors(index);
        }

        try
        {
            var layout = new VectorLayout(dense.Dimensions, PrecisionOf(dense));
            if (dense.Similarity != DenseSimilarity.Cosine)
            {
                layout.Check(vector.Values);
                return null;
            }

            layout.CheckQuery(vector.Values);                     // what is kept is a unit vector, whatever its magnitude was
            return IsZero(vector) ? ZeroVector : null;
        }
        catch (DenseVectorException e)
        {
            return e.Message;
        }
    }

    /// <summary>A query as the shards multiply it.</summary>
    /// <exception cref="PlatformException">The index has no dense vectors, or the query is none of them.</exception>
    public static PackedDenseVector Query(PackedDenseVector vector, IndexDefinition index)
    {
        if (index.Dense is not { } dense)
        {
            throw new PlatformException(FaultKind.EncoderMismatch, NoVectors(index));
        }

        try
        {
            new VectorLayout(dense.Dimensions, PrecisionOf(dense)).CheckQuery(vector.Values);
        }
        catch (DenseVectorException e)
        {
            throw new PlatformException(FaultKind.Invalid, e.Message);
        }

        return dense.Similarity == DenseSimilarity.Cosine && IsZero(vector)
            ? throw new PlatformException(FaultKind.Invalid, ZeroVector)
            : Kept(vector, dense);
    }

    /// <summary>A vector as the index keeps it: divided by its norm where scores are cosines.</summary>
    public static PackedDenseVector Kept(PackedDenseVector vector, DenseDefinition dense)
    {
        if (dense.Similarity != DenseSimilarity.Cosine || IsZero(vector))
        {
            return vector;
        }

        ReadOnlySpan<float> values = vector.Values;
        double squares = 0;                                       // of any float32 they fit into float64
        foreach (float value in values)
        {
            squares += (double)value * value;
        }

        double norm = Math.Sqrt(squares);
        float[] unit = new float[values.Length];
        for (int i = 0; i < unit.Length; i++)
        {
            unit[i] = (float)(values[i] / norm);
        }

        return PackedDenseVector.Pack(unit);
    }

    /// <summary>How the index keeps them.</summary>
    public static VectorPrecision PrecisionOf(DenseDefinition? dense) => dense?.Precision switch
    {
        DensePrecision.Float16 => VectorPrecision.Float16,
        DensePrecision.BFloat16 => VectorPrecision.BFloat16,
        DensePrecision.Int8 => VectorPrecision.Int8,
        _ => VectorPrecision.Float32,
    };

    private const string ZeroVector = "The vector has only zeros, so it has no cosine with anything. Leave it out, or create an index with dense.similarity inner_product.";

    private static bool IsZero(PackedDenseVector vector) => !vector.Values.ContainsAnyExcept(0f);

    private static string NoVectors(IndexDefinition index) =>
        $"Index '{index.Name}' keeps no dense vectors. Leave 'dense' out, or create an index with dense.dimensions or a dense encoder.";
}
