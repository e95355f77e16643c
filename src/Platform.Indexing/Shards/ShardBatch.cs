using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Platform.Indexing.Dense;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Shards;

/// <summary>A batch of operations as it is written: the bytes that cross the wire and lie in the log; see FORMAT.md.</summary>
public sealed class ShardBatch
{
    internal const byte DeleteKind = 0;
    internal const byte UpsertKind = 1;
    internal const byte VectorFlag = 2;
    internal const byte FieldsFlag = 4;

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    /// <summary>Operations so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes so far.</summary>
    public int Length => _buffer.WrittenCount;

    /// <summary>The batch.</summary>
    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    /// <summary>Adds a delete.</summary>
    public void Delete(Guid operationId, string documentKey) => Head(DeleteKind, operationId, documentKey);

    /// <summary>Adds a write that replaces the whole document.</summary>
    /// <param name="operationId">Names the operation; the same id is applied once.</param>
    /// <param name="documentKey">The caller's key.</param>
    /// <param name="stored">What to keep and return.</param>
    /// <param name="termVector">A packed <see cref="Lexical.TermVector"/>, or empty.</param>
    /// <param name="sparseTermIds">Ascending, each once, none negative.</param>
    /// <param name="sparseImpacts">1 to 255, one a term id.</param>
    /// <param name="vector">A dense vector; empty for none. All vectors of a shard have one dimension and one precision.</param>
    /// <param name="precision">How a shard keeps the vector; it travels as float32.</param>
    /// <param name="fields">What <see cref="Fields.FieldValue.Pack"/> gives; empty for none.</param>
    public void Upsert(
        Guid operationId,
        string documentKey,
        ReadOnlySpan<byte> stored,
        ReadOnlySpan<byte> termVector,
        ReadOnlySpan<int> sparseTermIds,
        ReadOnlySpan<byte> sparseImpacts,
        ReadOnlySpan<float> vector = default,
        VectorPrecision precision = VectorPrecision.Float32,
        ReadOnlySpan<byte> fields = default)
    {
        Head((byte)(UpsertKind | (vector.IsEmpty ? 0 : VectorFlag) | (fields.IsEmpty ? 0 : FieldsFlag)), operationId, documentKey);
        WriteBytes(stored);
        WriteBytes(termVector);
        Varint.Write(_buffer, sparseTermIds.Length);
        foreach (int termId in sparseTermIds)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(sizeof(int)), termId);
            _buffer.Advance(sizeof(int));
        }

        _buffer.Write(sparseImpacts);
        if (!vector.IsEmpty)
        {
            _buffer.Write([(byte)precision]);
            Varint.Write(_buffer, vector.Length);
            foreach (float component in vector)
            {
                BinaryPrimitives.WriteSingleLittleEndian(_buffer.GetSpan(sizeof(float)), component);
                _buffer.Advance(sizeof(float));
            }
        }

        if (!fields.IsEmpty)
        {
            WriteBytes(fields);
        }
    }

    private void Head(byte kind, Guid operationId, string documentKey)
    {
        Span<byte> head = _buffer.GetSpan(17);
        head[0] = kind;
        _ = operationId.TryWriteBytes(head[1..]);
        _buffer.Advance(17);
        Varint.Write(_buffer, Encoding.UTF8.GetByteCount(documentKey));
        Encoding.UTF8.GetBytes(documentKey, _buffer);
        Count++;
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        Varint.Write(_buffer, bytes.Length);
        _buffer.Write(bytes);
    }
}
