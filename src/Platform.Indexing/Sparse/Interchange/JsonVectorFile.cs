using System.Globalization;
using System.Text.Json;

namespace Platform.Indexing.Sparse;

/// <summary>Anserini's JsonVectorCollection: a line a document, <c>{"id": "7", "contents": "", "vector": {"term": 12}}</c>.</summary>
internal static class JsonVectorFile
{
    /// <summary>Reads documents line by line; empty lines are skipped.</summary>
    /// <param name="reader">The lines.</param>
    /// <param name="termIdOf">The id of a term's text.</param>
    /// <param name="add">Called for every document, with spans that are valid during the call.</param>
    /// <param name="cancellationToken">Ends the reading between lines.</param>
    /// <returns>Documents read.</returns>
    /// <exception cref="InvalidDataException">A line is not of this format.</exception>
    public static int Read(TextReader reader, Func<string, int> termIdOf, NamedVector add, CancellationToken cancellationToken)
    {
        List<int> terms = [];
        List<float> weights = [];
        int documents = 0;
        for (int line = 1; reader.ReadLine() is { } text; line++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            terms.Clear();
            weights.Clear();
            try
            {
                using var document = JsonDocument.Parse(text);
                foreach (JsonProperty entry in document.RootElement.GetProperty("vector").EnumerateObject())
                {
                    terms.Add(termIdOf(entry.Name));
                    weights.Add(entry.Value.GetSingle());
                }

                JsonElement id = document.RootElement.GetProperty("id");
                string key = id.ValueKind == JsonValueKind.String ? id.GetString()! : id.GetRawText();
                add(key, terms.ToArray(), weights.ToArray());
            }
            catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new InvalidDataException($"Line {line} is no JsonVector document: {fault.Message} It needs a string 'id' and an object 'vector' of numbers.", fault);
            }

            documents++;
        }

        return documents;
    }

    /// <summary>Writes a segment's documents in ascending docId; impacts become integer weights.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="keyOf">The key of a docId.</param>
    /// <param name="termOf">The text of a term id.</param>
    /// <param name="writer">Receives the lines.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static void Write(
        SparseSegment segment,
        Func<int, string> keyOf,
        Func<int, string> termOf,
        TextWriter writer,
        CancellationToken cancellationToken)
    {
        using var builder = new SparseSegmentBuilder(new SparseBuildOptions { Scale = segment.Properties.Scale });
        SegmentMerge.Append(builder, segment, [], cancellationToken);
        ForwardIndex documents = builder.Documents;
        for (int docId = 0; docId < documents.DocumentCount; docId++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            writer.Write("{\"id\":");
            writer.Write(JsonSerializer.Serialize(keyOf(docId)));
            writer.Write(",\"contents\":\"\",\"vector\":{");
            ReadOnlySpan<int> terms = documents.TermsOf(docId);
            for (int i = 0; i < terms.Length; i++)
            {
                writer.Write(i == 0 ? "" : ",");
                writer.Write(JsonSerializer.Serialize(termOf(documents.Terms.TermId(terms[i]))));
                writer.Write(string.Create(CultureInfo.InvariantCulture, $":{documents.ImpactsOf(docId)[i]}"));
            }

            writer.Write("}}\n");
        }
    }
}
