using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Dense;

/// <summary>Vectors that are not sealed yet: searchable as soon as they are added, with the scores they will have when sealed.</summary>
/// <remarks>Any number of threads may search at once, each with its own searcher; adding needs exclusion from searching.</remarks>
internal sealed unsafe class DenseMemorySegment(VectorLayout layout) : VectorRows(layout)
{
    private const int Alignment = 64;
    private const int BlockSize = VectorLayout.BlockSize;

    private readonly List<Block> _blocks = [];
    private readonly List<int> _docIds = [];
    private readonly float[] _stored = new float[layout.Dimensions];

    /// <inheritdoc/>
    public override int Count => _docIds.Count;

    /// <summary>Bytes held; seal by this.</summary>
    public long SizeInBytes => (long)_blocks.Count * BlockBytes;

    private int BlockBytes => (BlockSize * (Layout.RowBytes + Layout.SeparateCodeBytes)) + (BoundsPerBlock * sizeof(float));

    /// <summary>Adds a document's vector.</summary>
    /// <param name="docId">Greater than that of the call before; the ones between have no vector.</param>
    /// <param name="vector">One float a dimension.</param>
    /// <returns>Its row.</returns>
    /// <exception cref="DenseVectorException">Wrong dimension, not finite or too large; nothing was added.</exception>
    public int Add(int docId, ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(docId, _docIds.Count == 0 ? -1 : _docIds[^1]);
        Layout.Check(vector);
        int row = Count;
        int within = row % BlockSize;
        if (within == 0)
        {
            _blocks.Add(new Block(BlockBytes));
        }

        var bytes = new Span<byte>(_blocks[^1].Start + ((long)within * Layout.RowBytes), Layout.RowBytes);
        var codes = new Span<sbyte>(CodesOf(_blocks[^1]) + ((long)within * Layout.CodeBytes), Layout.CodeBytes);
        CodeBound bound;
        if (Layout.Precision == VectorPrecision.Int8)
        {
            bound = Int8Quantiser.QuantiseExactly(vector, codes);
        }
        else
        {
            VectorEncoding.Encode(Layout, vector, bytes);
            VectorEncoding.Decode(Layout, bytes, scale: 1, _stored);
            bound = Int8Quantiser.Quantise(_stored, codes);
        }

        float* bounds = BoundsOf(_blocks[^1]);
        bounds[within] = bound.Scale;
        bounds[BlockSize + within] = bound.Error;
        bounds[(2 * BlockSize) + within] = bound.Norm;
        _docIds.Add(docId);
        return row;
    }

    /// <inheritdoc/>
    public override byte* Rows(int block) => _blocks[block].Start;

    /// <inheritdoc/>
    public override sbyte* Codes(int block) => CodesOf(_blocks[block]);

    /// <inheritdoc/>
    public override float* Bounds(int block) => BoundsOf(_blocks[block]);

    /// <inheritdoc/>
    public override int DocIdOf(int row) => _docIds[row];

    /// <inheritdoc/>
    public override int RowOf(int docId) => Math.Max(-1, _docIds.BinarySearch(docId));

    private sbyte* CodesOf(Block block) =>
        (sbyte*)block.Start + (Layout.SeparateCodeBytes == 0 ? 0 : (long)BlockSize * Layout.RowBytes);

    private float* BoundsOf(Block block) =>
        (float*)(block.Start + ((long)BlockSize * (Layout.RowBytes + Layout.SeparateCodeBytes)));

    /// <summary>Memory of 64 rows, their codes and bounds, which does not move.</summary>
    private sealed class Block
    {
        private readonly byte[] _bytes;

        public Block(int length)
        {
            _bytes = GC.AllocateArray<byte>(length + Alignment, pinned: true);

            // SAFETY: the array is pinned and held by this object, which the segment holds.
            nint start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));
            Start = (byte*)((start + Alignment - 1) & -Alignment);
        }

        public byte* Start { get; }
    }
}
