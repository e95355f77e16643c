namespace Platform.Indexing.Dense;

/// <summary>Dimension and precision of an index's vectors, and how a row of them lies in memory and in files.</summary>
/// <remarks>
/// Rows are padded with zeros to a multiple of 16 components (32 for int8), so that kernels have no tail; 64 rows are a block.
/// </remarks>
public sealed record VectorLayout
{
    /// <summary>The most components a vector may have.</summary>
    public const int MaxDimensions = 4096;

    /// <summary>Rows of a block.</summary>
    public const int BlockSize = 64;

    /// <summary>The largest magnitude of a component: products of such vectors stay within float32.</summary>
    public const float LargestComponent = 1e15f;

    /// <summary>The largest magnitude that float16 holds.</summary>
    public const float LargestHalf = 65504f;

    /// <summary>Makes a layout.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is not 1 to <see cref="MaxDimensions"/>, or the precision unknown.</exception>
    public VectorLayout(int dimensions, VectorPrecision precision)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MaxDimensions);
        if (!Enum.IsDefined(precision))
        {
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "The precision must be float32, float16, bfloat16 or int8.");
        }

        Dimensions = dimensions;
        Precision = precision;
        int granule = precision == VectorPrecision.Int8 ? 32 : 16;
        PaddedDimensions = (dimensions + granule - 1) / granule * granule;
        CodeBytes = (dimensions + 31) / 32 * 32;
        RowBytes = PaddedDimensions * (precision switch
        {
            VectorPrecision.Float32 => 4,
            VectorPrecision.Int8 => 1,
            _ => 2,
        });
    }

    /// <summary>Components of a vector.</summary>
    public int Dimensions { get; }

    /// <summary>How they are kept.</summary>
    public VectorPrecision Precision { get; }

    /// <summary>Components of a row, zeros at its end included.</summary>
    public int PaddedDimensions { get; }

    /// <summary>Bytes of a row.</summary>
    public int RowBytes { get; }

    /// <summary>Bytes of a row's 8-bit code, and components of a padded query.</summary>
    public int CodeBytes { get; }

    /// <summary>Bytes of a row in the separate array of codes: 0 where the rows are the codes.</summary>
    public int SeparateCodeBytes => Precision == VectorPrecision.Int8 ? 0 : CodeBytes;

    /// <summary>The largest magnitude a component may have.</summary>
    public float Limit => Precision == VectorPrecision.Float16 ? LargestHalf : LargestComponent;

    /// <summary>Refuses what cannot be stored.</summary>
    /// <exception cref="DenseVectorException">Wrong dimension, not finite, too large.</exception>
    public void Check(ReadOnlySpan<float> vector) => Check(vector, Limit);

    /// <summary>Refuses what cannot be stored, or shall be kept in another precision.</summary>
    /// <exception cref="DenseVectorException">Wrong dimension or precision, not finite, too large.</exception>
    public void Check(ReadOnlySpan<float> vector, VectorPrecision precision)
    {
        Check(vector);
        if (precision != Precision)
        {
            throw DenseVectorException.WrongPrecision(precision, Precision);
        }
    }

    /// <summary>Refuses vectors of this layout where there are others; null for none.</summary>
    /// <exception cref="DenseVectorException">The others have another dimension or precision.</exception>
    public void CheckSameAs(VectorLayout? others)
    {
        if (others is not null && others != this)
        {
            throw others.Dimensions != Dimensions
                ? DenseVectorException.WrongDimension(Dimensions, others.Dimensions)
                : DenseVectorException.WrongPrecision(Precision, others.Precision);
        }
    }

    /// <summary>Refuses what cannot be asked for; a query is float32 whatever the precision of the stored vectors.</summary>
    /// <exception cref="DenseVectorException">Wrong dimension, not finite, too large.</exception>
    public void CheckQuery(ReadOnlySpan<float> query) => Check(query, LargestComponent);

    private void Check(ReadOnlySpan<float> vector, float limit)
    {
        if (vector.Length != Dimensions)
        {
            throw DenseVectorException.WrongDimension(vector.Length, Dimensions);
        }

        for (int i = 0; i < vector.Length; i++)
        {
            if (!(MathF.Abs(vector[i]) <= limit))                 // NaN compares with nothing
            {
                throw float.IsFinite(vector[i])
                    ? DenseVectorException.TooLarge(i, vector[i], limit, Precision)
                    : DenseVectorException.NotFinite(i, vector[i]);
            }
        }
    }
}
