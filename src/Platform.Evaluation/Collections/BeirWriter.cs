using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Evaluation.Collections;

/// <summary>Writes any collection in BEIR layout.</summary>
public static class BeirWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv for each split, replacing files of these names.</summary>
    /// <param name="collection">What to write.</param>
    /// <param name="folder">Created where it is missing.</param>
    /// <param name="cancellationToken">Stops between two records and leaves the files incomplete.</param>
    /// <returns>The collection as it can now be opened.</returns>
    public static async Task<BeirCollection> WriteAsync(
        IRetrievalCollection collection, string folder, CancellationToken cancellationToken = default)
    {
        _ = Directory.CreateDirectory(Path.Combine(folder, "qrels"));
        await using (JsonLines corpus = new(Path.Combine(folder, "corpus.jsonl")))
        {
            await foreach (CollectionDocument document in collection.ReadDocumentsAsync(cancellationToken))
            {
                await corpus.WriteAsync(document.Id, document.Title, document.Text, cancellationToken);
            }
        }

        await using (JsonLines queries = new(Path.Combine(folder, "queries.jsonl")))
        {
            await foreach (CollectionQuery query in collection.ReadQueriesAsync(split: null, cancellationToken))
            {
                await queries.WriteAsync(query.Id, title: null, query.Text, cancellationToken);
            }
        }

        foreach (string split in collection.Splits)
        {
            collection.ReadQrels(split).WriteBeir(Path.Combine(folder, "qrels", split + ".tsv"));
        }

        return BeirCollection.Open(folder);
    }

    private sealed class JsonLines(string path) : IAsyncDisposable
    {
        private readonly FileStream _stream = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        private readonly MemoryStream _line = new();

        public async ValueTask WriteAsync(string id, string? title, string text, CancellationToken cancellationToken)
        {
            _line.SetLength(0);
            using (Utf8JsonWriter json = new(_line, Options))
            {
                json.WriteStartObject();
                json.WriteString("_id"u8, id);
                if (title is not null)
                {
                    json.WriteString("title"u8, title);
                }

                json.WriteString("text"u8, text);
                json.WriteEndObject();
            }

            _line.WriteByte((byte)'\n');
            await _stream.WriteAsync(_line.GetBuffer().AsMemory(0, (int)_line.Length), cancellationToken);
        }

        public ValueTask DisposeAsync() => _stream.DisposeAsync();
    }
}
