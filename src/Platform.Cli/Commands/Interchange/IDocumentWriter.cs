using System.Text.Json;
using Platform.Client.Contracts;
using Platform.Indexing.Sparse;

namespace Platform.Cli.Commands.Interchange;

/// <summary>Writes documents in one format.</summary>
internal interface IDocumentWriter
{
    /// <summary>Writes a document, or keeps it for the end.</summary>
    Task WriteAsync(WholeDocument document, CancellationToken cancellationToken);

    /// <summary>Writes what is still to be written.</summary>
    Task FinishAsync(CancellationToken cancellationToken);
}

/// <summary>Anserini's JsonVectorCollection; a title goes before the text.</summary>
internal sealed class JsonVectorDocuments(Stream file, TermVocabulary vocabulary) : IDocumentWriter
{
    /// <inheritdoc/>
    public async Task WriteAsync(WholeDocument document, CancellationToken cancellationToken)
    {
        string text = string.Join(' ', new[] { document.Title, document.Text }.Where(part => !string.IsNullOrEmpty(part)));
        var line = new InterchangeDocument(
            document.Id,
            text,
            [.. (document.Sparse?.Indices ?? []).Select(term => (int)term)],
            [.. (document.Sparse?.Values ?? []).Select(weight => (float)weight)]);
        await file.WriteAsync(JsonVectorLine.Write(line, vocabulary), cancellationToken);
    }

    /// <inheritdoc/>
    public Task FinishAsync(CancellationToken cancellationToken) => file.FlushAsync(cancellationToken);
}

/// <summary>The Common Index File Format; weights become the impacts that the index keeps.</summary>
internal sealed class CiffDocuments(Stream file, TermVocabulary vocabulary, double maxWeight) : IDocumentWriter
{
    private readonly CiffWriter _writer = new();

    /// <inheritdoc/>
    public Task WriteAsync(WholeDocument document, CancellationToken cancellationToken)
    {
        int[] termIds = [.. (document.Sparse?.Indices ?? []).Select(term => (int)term)];
        byte[] impacts = [.. (document.Sparse?.Values ?? []).Select(weight => ImpactQuantiser.Quantise(weight, maxWeight))];
        _writer.Add(document.Id, termIds, impacts);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await using var buffered = new BufferedStream(file, 1 << 20);
        _writer.Write(buffered, vocabulary, cancellationToken);
        await buffered.FlushAsync(cancellationToken);
    }
}

/// <summary>The lines that a bulk request takes.</summary>
internal sealed class ItemDocuments(Stream file) : IDocumentWriter
{
    /// <inheritdoc/>
    public async Task WriteAsync(WholeDocument document, CancellationToken cancellationToken)
    {
        var item = new BulkItem { Id = document.Id, Title = document.Title, Text = document.Text, Fields = document.Fields, Sparse = document.Sparse };
        await file.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(item, PlatformJson.Default.BulkItem), cancellationToken);
        await file.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }

    /// <inheritdoc/>
    public Task FinishAsync(CancellationToken cancellationToken) => file.FlushAsync(cancellationToken);
}
