namespace Platform.Indexing.Dense;

/// <summary>Vectors as rows 0 to n - 1, in blocks of 64, each with its 8-bit code and what bounds the code's error.</summary>
/// <remarks>What searches run on, be it in memory or in a file. Rows ascend with docIds; documents without a vector have no row.</remarks>
internal abstract unsafe class VectorRows(VectorLayout layout)
{
    /// <summary>Floats of a block's bounds: 64 scales, 64 errors, 64 norms.</summary>
    public const int BoundsPerBlock = 3 * VectorLayout.BlockSize;

    /// <summary>Dimension, precision and sizes.</summary>
    public VectorLayout Layout { get; } = layout;

    /// <summary>Rows.</summary>
    public abstract int Count { get; }

    /// <summary>Blocks, the last perhaps not full.</summary>
    public int BlockCount => (Count + VectorLayout.BlockSize - 1) / VectorLayout.BlockSize;

    /// <summary>The first row of a block; the others follow. Rows past the last are readable and meaningless.</summary>
    /// <exception cref="DenseFormatException">The block is damaged.</exception>
    public abstract byte* Rows(int block);

    /// <summary>The code of a block's first row; the others follow.</summary>
    /// <exception cref="DenseFormatException">The block is damaged.</exception>
    public abstract sbyte* Codes(int block);

    /// <summary>For the codes of a block: 64 scales, 64 errors, 64 norms; see <see cref="Int8Quantiser"/>.</summary>
    /// <exception cref="DenseFormatException">The block is damaged.</exception>
    public abstract float* Bounds(int block);

    /// <summary>The document of a row.</summary>
    public abstract int DocIdOf(int row);

    /// <summary>The row of a document, or -1 where it has no vector.</summary>
    public abstract int RowOf(int docId);

    /// <summary>Copies a document's stored values, as float32; false where it has no vector.</summary>
    /// <param name="docId">The document.</param>
    /// <param name="vector">One float a dimension.</param>
    /// <exception cref="DenseFormatException">The row is damaged.</exception>
    public bool TryRead(int docId, Span<float> vector)
    {
        int row = RowOf(docId);
        if (row < 0)
        {
            return false;
        }

        VectorEncoding.Decode(Layout, RowBytes(row), ScaleOf(row), vector);
        return true;
    }

    /// <summary>What a step of a row's code weighs; of an int8 row, of its stored values too.</summary>
    public float ScaleOf(int row) => Bounds(row / VectorLayout.BlockSize)[row % VectorLayout.BlockSize];

    /// <summary>A row's stored bytes.</summary>
    public ReadOnlySpan<byte> RowBytes(int row) => new(
        Rows(row / VectorLayout.BlockSize) + ((long)(row % VectorLayout.BlockSize) * Layout.RowBytes), Layout.RowBytes);

    /// <summary>A row's code.</summary>
    public ReadOnlySpan<sbyte> Code(int row) => new(
        Codes(row / VectorLayout.BlockSize) + ((long)(row % VectorLayout.BlockSize) * Layout.CodeBytes), Layout.CodeBytes);
}
