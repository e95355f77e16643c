using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Indexing.Sparse;

/// <summary>A line of Anserini's JsonVectorCollection: a document, <c>{"id": "7", "contents": "its text", "vector": {"term": 12}}</c>.</summary>
public static class JsonVectorLine
{
    private const string Shape = """write {"id": "7", "contents": "", "vector": {"term": 1.5}}""";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a line; weights of 0 are left out.</summary>
    /// <exception cref="FormatException">It is not of this format; the message says what is wrong and the remedy.</exception>
    public static InterchangeDocument Parse(ReadOnlyMemory<byte> line, TermVocabulary vocabulary)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("id"u8, out JsonElement id) || !root.TryGetProperty("vector"u8, out JsonElement vector))
            {
                throw new FormatException($"found no object with 'id' and 'vector'; {Shape}");
            }

            var terms = new SortedDictionary<int, float>();
            foreach (JsonProperty entry in vector.EnumerateObject())
            {
                float weight = entry.Value.GetSingle();
                if (!float.IsFinite(weight))
                {
                    throw new FormatException($"term '{entry.Name}' has weight {entry.Value.GetRawText()}; weights are finite 32-bit floats");
                }

                if (weight != 0 && !terms.TryAdd(vocabulary.IdOf(entry.Name), weight))
                {
                    throw new FormatException($"term '{entry.Name}' stands twice; each term stands once. Add their weights up");
                }
            }

            string text = root.TryGetProperty("contents"u8, out JsonElement contents) ? contents.GetString() ?? "" : "";
            string key = id.ValueKind == JsonValueKind.String ? id.GetString()! : id.GetRawText();
            return new InterchangeDocument(key, text, [.. terms.Keys], [.. terms.Values]);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new FormatException($"{fault.Message.TrimEnd('.')}; {Shape}", fault);
        }
    }

    /// <summary>Writes a line, its line feed included.</summary>
    public static byte[] Write(InterchangeDocument document, TermVocabulary vocabulary)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, Compact);
        json.WriteStartObject();
        json.WriteString("id"u8, document.Key);
        json.WriteString("contents"u8, document.Text);
        json.WriteStartObject("vector"u8);
        for (int i = 0; i < document.TermIds.Length; i++)
        {
            json.WriteNumber(vocabulary.TextOf(document.TermIds[i]), document.Weights[i]);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        bytes.Write("\n"u8);
        return bytes.WrittenSpan.ToArray();
    }
}
