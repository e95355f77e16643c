using System.Text.Unicode;
using Platform.Indexing.Dense;
using Platform.Indexing.Fields;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Shards;

/// <summary>Walks a packed batch.</summary>
internal ref struct ShardBatchReader(ReadOnlySpan<byte> batch)
{
    private readonly ReadOnlySpan<byte> _batch = batch;
    private int _position;

    /// <summary>Reads the next operation; false at the end.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a batch.</exception>
    public bool Next(out ShardOperation operation)
    {
        operation = default;
        if (_position == _batch.Length)
        {
            return false;
        }

        byte kind = Take(1)[0];
        const byte Flags = ShardBatch.VectorFlag | ShardBatch.FieldsFlag;
        if (kind != ShardBatch.DeleteKind && (kind & ~Flags) != ShardBatch.UpsertKind)
        {
            throw Broken();
        }

        var id = new Guid(Take(16));
        ReadOnlySpan<byte> key = Take(Length());
        if (kind == ShardBatch.DeleteKind)
        {
            operation = new ShardOperation { OperationId = id, Delete = true, Key = key };
            return true;
        }

        ReadOnlySpan<byte> stored = Take(Length());
        ReadOnlySpan<byte> termVector = Take(Length());
        int terms = Length();
        if (terms > _batch.Length / (sizeof(int) + 1))
        {
            throw Broken();                                  // more than the whole batch could hold
        }

        ReadOnlySpan<byte> termIds = Take(terms * sizeof(int));
        ReadOnlySpan<byte> impacts = Take(terms);
        bool hasVector = (kind & ShardBatch.VectorFlag) != 0;
        operation = new ShardOperation
        {
            OperationId = id,
            Delete = false,
            Key = key,
            Stored = stored,
            TermVector = termVector,
            SparseTermIds = termIds,
            SparseImpacts = impacts,
            Precision = hasVector ? Precision() : default,
            VectorBytes = hasVector ? Take(Dimensions() * sizeof(float)) : default,
            Fields = (kind & ShardBatch.FieldsFlag) != 0 ? Take(Length()) : default,
        };
        return true;
    }

    /// <summary>Reads the whole batch once, so that applying it can't fail half-way or put into a segment what it can't hold.</summary>
    /// <param name="batch">The bytes.</param>
    /// <param name="vectors">What all its dense vectors have in common; null if it has none.</param>
    /// <param name="owned">The buckets that its keys must be in; null for any.</param>
    /// <returns>How many operations it has.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a batch, or an operation is not as <see cref="ShardBatch"/> asks for.</exception>
    /// <exception cref="DenseVectorException">A vector is not finite or too large, or differs from the first in dimension or precision.</exception>
    /// <exception cref="WrongShardException">A key is in another bucket.</exception>
    public static int Validate(ReadOnlySpan<byte> batch, out VectorLayout? vectors, BucketRange? owned = null)
    {
        int count = 0;
        vectors = null;
        var reader = new ShardBatchReader(batch);
        while (reader.Next(out ShardOperation operation))
        {
            if (!Utf8.IsValid(operation.Key) || !IsSparseVector(operation))
            {
                throw reader.Broken();
            }

            if (owned is { } buckets && !buckets.Contains(operation.Key))
            {
                throw WrongShardException.Outside(buckets);
            }

            if (!operation.Vector.IsEmpty)
            {
                vectors ??= new VectorLayout(operation.Vector.Length, operation.Precision);
                vectors.Check(operation.Vector, operation.Precision);
            }

            FieldValuesReader.Validate(operation.Fields);
            if (!operation.TermVector.IsEmpty)
            {
                var terms = new Lexical.TermVectorReader(operation.TermVector);
                while (terms.Next())
                {
                }
            }

            count++;
        }

        return count;
    }

    private static bool IsSparseVector(in ShardOperation operation)
    {
        int previous = -1;
        for (int i = 0; i < operation.SparseCount; i++)
        {
            int termId = operation.SparseTermId(i);
            if (termId <= previous || operation.SparseImpacts[i] == 0)
            {
                return false;
            }

            previous = termId;
        }

        return true;
    }

    private VectorPrecision Precision()
    {
        var precision = (VectorPrecision)Take(1)[0];
        return Enum.IsDefined(precision) ? precision : throw Broken();
    }

    private int Dimensions() => Length() is > 0 and <= VectorLayout.MaxDimensions and var dimensions ? dimensions : throw Broken();

    private int Length()
    {
        try
        {
            return Varint.Read(_batch, ref _position);
        }
        catch (IndexOutOfRangeException)
        {
            throw Broken();
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _batch.Length - _position)
        {
            throw Broken();
        }

        ReadOnlySpan<byte> bytes = _batch.Slice(_position, length);
        _position += length;
        return bytes;
    }

    private readonly InvalidDataException Broken() =>
        new($"A shard batch of {_batch.Length} bytes is broken at byte {_position}.");
}
