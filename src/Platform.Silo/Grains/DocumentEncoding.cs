using Platform.Abstractions.Records;
using Platform.Silo.Placement;

namespace Platform.Silo.Grains;

/// <summary>Encodes the documents of a batch with their index's encoders.</summary>
internal sealed class DocumentEncoding(EncoderDirectory encoders, IndexDefinition definition)
{
    private const int SparseTextsPerCall = 64;                    // so that their vectors stay below the megabyte of a message
    private const int DenseTextsPerCall = 32;

    private bool HasSparseModel => definition.Model is { IsSparse: true };

    /// <summary>One vector an item, in order; deletes, items without text and indexes without an encoder have but the given vectors.</summary>
    /// <remarks>A vector given with a text takes the place of the model's.</remarks>
    public async Task<DocumentVector[]> EncodeAsync(IngestItem[] items, CancellationToken cancellationToken)
    {
        var termVectors = new ReadOnlyMemory<byte>[items.Length];
        PackedSparseVector?[] sparse = [.. items.Select(item => item.Sparse)];
        PackedDenseVector?[] dense = [.. items.Select(item => item.Dense)];
        int[] withText = [.. Enumerable.Range(0, items.Length).Where(i => TextOf(items[i]).Length > 0)];
        await Task.WhenAll(
            definition.Encoder == NewIndexRules.Lexical ? CountTermsAsync(items, withText, termVectors, cancellationToken) : Task.CompletedTask,
            HasSparseModel ? EncodeSparseAsync(items, [.. withText.Where(i => sparse[i] is null)], sparse, cancellationToken) : Task.CompletedTask,
            definition.Dense?.Encoder is { } model ? EncodeDenseAsync(model, items, [.. withText.Where(i => dense[i] is null)], dense, cancellationToken) : Task.CompletedTask);
        return [.. items.Select((_, i) => new DocumentVector(termVectors[i], sparse[i], dense[i]))];
    }

    private async Task CountTermsAsync(IngestItem[] items, int[] withText, ReadOnlyMemory<byte>[] termVectors, CancellationToken cancellationToken)
    {
        if (withText.Length > 0)
        {
            var texts = new EncodeBatch { Texts = [.. withText.Select(i => TextOf(items[i]))], AreQueries = false };
            EncodedBatch encoded = await encoders.Of(definition.Encoder).EncodeAsync(texts, cancellationToken);
            for (int i = 0; i < withText.Length; i++)
            {
                termVectors[withText[i]] = encoded.TermVectors[i];
            }
        }
    }

    private async Task EncodeSparseAsync(IngestItem[] items, int[] withText, PackedSparseVector?[] sparse, CancellationToken cancellationToken)
    {
        foreach (int[] portion in withText.Chunk(SparseTextsPerCall))
        {
            EncodedBatch encoded = await encoders.Of(definition.Encoder).EncodeAsync(TextsOf(items, portion, definition.Model), cancellationToken);
            for (int i = 0; i < portion.Length; i++)
            {
                sparse[portion[i]] = encoded.Sparse![i];
            }
        }
    }

    private async Task EncodeDenseAsync(string model, IngestItem[] items, int[] withText, PackedDenseVector?[] dense, CancellationToken cancellationToken)
    {
        foreach (int[] portion in withText.Chunk(DenseTextsPerCall))
        {
            EncodedBatch encoded = await encoders.Of(model).EncodeAsync(TextsOf(items, portion, definition.Dense!.Model), cancellationToken);
            for (int i = 0; i < portion.Length; i++)
            {
                dense[portion[i]] = new PackedDenseVector { Components = encoded.Dense![i] };
            }
        }
    }

    private static EncodeBatch TextsOf(IngestItem[] items, int[] portion, EncoderIdentity? expected) => new()
    {
        Texts = [.. portion.Select(i => items[i].Text ?? "")],
        AreQueries = false,
        Titles = [.. portion.Select(i => items[i].Title)],
        Expected = expected,
    };

    private static string TextOf(IngestItem item) => (item.Title, item.Text) switch
    {
        (null or "", var text) => text ?? "",
        (var title, null or "") => title,
        var (title, text) => $"{title} {text}",              // the field's document template: title + " " + text
    };
}

/// <summary>What a document's text became, and the vectors given with it.</summary>
/// <param name="TermVector">Packed counts of words; empty without any.</param>
/// <param name="Sparse">The given vector, or the model's; null without any.</param>
/// <param name="Dense">The given vector, or the model's; null, or without components, for none.</param>
internal readonly record struct DocumentVector(ReadOnlyMemory<byte> TermVector, PackedSparseVector? Sparse, PackedDenseVector? Dense);
