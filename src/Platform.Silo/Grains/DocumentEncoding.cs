using Platform.Abstractions.Records;
using Platform.Silo.Placement;

namespace Platform.Silo.Grains;

/// <summary>Encodes the documents of a batch with their index's encoder.</summary>
internal sealed class DocumentEncoding(EncoderDirectory encoders, IndexDefinition definition)
{
    private const int TextsPerCall = 64;                          // of a model: 64 sparse vectors stay below the megabyte of a message

    /// <summary>One vector an item, in order; deletes, items without text and indexes without an encoder have but the given vector.</summary>
    /// <remarks>A sparse vector given with a text takes the place of the model's.</remarks>
    public async Task<DocumentVector[]> EncodeAsync(IngestItem[] items, CancellationToken cancellationToken)
    {
        DocumentVector[] vectors = [.. items.Select(item => new DocumentVector(default, item.Sparse))];
        if (definition.Encoder == NewIndexRules.None)
        {
            return vectors;
        }

        bool byModel = definition.Model is not null;
        int[] withText = [.. Enumerable.Range(0, items.Length).Where(i => TextOf(items[i]).Length > 0 && !(byModel && items[i].Sparse is not null))];
        foreach (int[] portion in withText.Chunk(byModel ? TextsPerCall : int.MaxValue))
        {
            var texts = new EncodeBatch
            {
                Texts = [.. portion.Select(i => byModel ? items[i].Text ?? "" : TextOf(items[i]))],
                AreQueries = false,
                Titles = byModel ? [.. portion.Select(i => items[i].Title)] : null,
                Expected = definition.Model,
            };
            EncodedBatch encoded = await encoders.Of(definition.Encoder).EncodeAsync(texts, cancellationToken);
            for (int i = 0; i < portion.Length; i++)
            {
                vectors[portion[i]] = byModel
                    ? new DocumentVector(default, encoded.Sparse![i])
                    : new DocumentVector(encoded.TermVectors[i], items[portion[i]].Sparse);
            }
        }

        return vectors;
    }

    private static string TextOf(IngestItem item) => (item.Title, item.Text) switch
    {
        (null or "", var text) => text ?? "",
        (var title, null or "") => title,
        var (title, text) => $"{title} {text}",              // the field's document template: title + " " + text
    };
}

/// <summary>What a document's text became, and the sparse vector given with it.</summary>
/// <param name="TermVector">Packed counts of words; empty without any.</param>
/// <param name="Sparse">The given vector, or the model's; null without any.</param>
internal readonly record struct DocumentVector(ReadOnlyMemory<byte> TermVector, PackedSparseVector? Sparse);
