namespace Platform.Indexing.Dense;

/// <summary>Multiplies products with int8 rows by the rows' scales.</summary>
internal static unsafe class BlockScale
{
    /// <summary>Scales 64 products in place.</summary>
    public static void Apply(float* products, float* scales)
    {
        for (int i = 0; i < VectorLayout.BlockSize; i++)
        {
            products[i] *= scales[i];
        }
    }
}
