using Platform.Abstractions.Records;

namespace Platform.Silo.Batching;

/// <summary>One model with one head on the device: the texts of a batch share it.</summary>
/// <remarks>Called on the batcher's own threads, by two at a time at most. Compared by reference.</remarks>
internal interface IBatchEncoder
{
    /// <summary>Encodes texts as one batch, in the order given.</summary>
    /// <param name="texts">Token ids, at least one a text; lengths lie close together.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for any of the texts.</param>
    /// <returns>One vector a text.</returns>
    EncodedText[] Encode(IReadOnlyList<ReadOnlyMemory<int>> texts, CancellationToken cancellationToken);
}

/// <summary>A text's vector, packed for the wire.</summary>
/// <param name="Sparse">Of a sparse head.</param>
/// <param name="Dense">Of a dense head: float32, little-endian.</param>
internal readonly record struct EncodedText(PackedSparseVector? Sparse = null, ReadOnlyMemory<byte> Dense = default);
