using System.Text;
using Platform.Indexing.Fields;

namespace Platform.Indexing.Shards;

/// <summary>Replaces what is stored of a document and its fields, and leaves what its encoder made as it is.</summary>
/// <param name="OperationId">Names the operation.</param>
/// <param name="DocumentKey">The caller's key.</param>
/// <param name="Expected">What must be stored at that moment.</param>
/// <param name="Stored">What to store.</param>
/// <param name="Fields">What <see cref="FieldValue.Pack"/> gives; empty for none.</param>
public sealed record ShardPatch(Guid OperationId, string DocumentKey, ReadOnlyMemory<byte> Expected, ReadOnlyMemory<byte> Stored, ReadOnlyMemory<byte> Fields)
{
    // A merge between gathering a document and writing it means to gather it again; merges are rare.
    private const int MostAttempts = 10;

    /// <summary>Applies it: a write of the whole document, made in the place of the queue where it is written.</summary>
    internal async Task<PatchOutcome> ApplyAsync(ShardState shard, ShardWriter writer, CancellationToken cancellationToken)
    {
        FieldValuesReader.Validate(Fields.Span);
        byte[] key = Encoding.UTF8.GetBytes(DocumentKey);
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (DocumentCopy.Read(shard, key, cancellationToken) is not { } copy)
            {
                return PatchOutcome.NotFound;
            }

            PatchOutcome? outcome = null;
            await writer.WriteOfStateAsync(state =>
            {
                var batch = new ShardBatch();
                (Segment? segment, int docId) = state.Find(key);
                if (segment is null)
                {
                    outcome = PatchOutcome.NotFound;
                }
                else if (!Expected.Span.SequenceEqual(segment.StoredOf(docId)))
                {
                    outcome = PatchOutcome.Changed;
                }
                else if (copy.Is(segment, docId))
                {
                    copy.AddTo(batch, OperationId, DocumentKey, Stored.Span, Fields.Span);
                    outcome = PatchOutcome.Updated;
                }

                return batch;
            });
            if (outcome is { } known)
            {
                return known;
            }
        }

        return PatchOutcome.Changed;
    }
}

/// <summary>What became of a <see cref="ShardPatch"/>.</summary>
public enum PatchOutcome
{
    /// <summary>Applied, durable.</summary>
    Updated,

    /// <summary>There is no such document.</summary>
    NotFound,

    /// <summary>Something else is stored than was expected: read it and try again.</summary>
    Changed,
}
