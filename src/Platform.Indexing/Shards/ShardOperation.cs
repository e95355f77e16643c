using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Platform.Indexing.Dense;

namespace Platform.Indexing.Shards;

/// <summary>One write or delete, as a view of a packed batch.</summary>
internal readonly ref struct ShardOperation
{
    /// <summary>Names the operation; the same id is applied once.</summary>
    public required Guid OperationId { get; init; }

    /// <summary>True to delete; only the key counts then.</summary>
    public required bool Delete { get; init; }

    /// <summary>The document key, UTF-8.</summary>
    public required ReadOnlySpan<byte> Key { get; init; }

    /// <summary>What to keep and return.</summary>
    public ReadOnlySpan<byte> Stored { get; init; }

    /// <summary>A packed <see cref="Lexical.TermVector"/>; empty without text.</summary>
    public ReadOnlySpan<byte> TermVector { get; init; }

    /// <summary>Sparse term ids, int32 little-endian, ascending.</summary>
    public ReadOnlySpan<byte> SparseTermIds { get; init; }

    /// <summary>Sparse impacts, 1 to 255, one a term id.</summary>
    public ReadOnlySpan<byte> SparseImpacts { get; init; }

    /// <summary>How the dense vector is kept.</summary>
    public VectorPrecision Precision { get; init; }

    /// <summary>The dense vector, float32 little-endian; empty without one.</summary>
    public ReadOnlySpan<byte> VectorBytes { get; init; }

    /// <summary>Packed field values; empty without one.</summary>
    public ReadOnlySpan<byte> Fields { get; init; }

    /// <summary>The dense vector; empty without one.</summary>
    public ReadOnlySpan<float> Vector => MemoryMarshal.Cast<byte, float>(VectorBytes);

    /// <summary>Number of sparse terms.</summary>
    public int SparseCount => SparseImpacts.Length;

    /// <summary>A sparse term id.</summary>
    public int SparseTermId(int i) => BinaryPrimitives.ReadInt32LittleEndian(SparseTermIds[(i * sizeof(int))..]);
}
