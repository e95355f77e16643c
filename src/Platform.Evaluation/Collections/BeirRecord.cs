using System.Text;
using System.Text.Json;
using Platform.Evaluation.Text;

namespace Platform.Evaluation.Collections;

/// <summary>One line of corpus.jsonl or queries.jsonl; fields other than these three are ignored.</summary>
internal readonly record struct BeirRecord(string Id, string Title, string Text)
{
    /// <summary>Longest id accepted: beyond it a file has its text where the id belongs.</summary>
    public const int MaxIdBytes = 2048;

    private const string Layout = "a JSON object with _id and text";

    public static BeirRecord Parse(Utf8Lines lines, ReadOnlySpan<byte> line)
    {
        string? id = null;
        string? title = null;
        string? text = null;
        try
        {
            Utf8JsonReader reader = new(line);
            _ = reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Fault(lines, $"a JSON {reader.TokenType}", Layout);
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string? property = reader.ValueTextEquals("_id"u8) ? "_id"
                    : reader.ValueTextEquals("title"u8) ? "title"
                    : reader.ValueTextEquals("text"u8) ? "text"
                    : null;
                _ = reader.Read();
                switch (property)
                {
                    case "_id": id = StringOf(lines, ref reader, property); break;
                    case "title": title = StringOf(lines, ref reader, property); break;
                    case "text": text = StringOf(lines, ref reader, property); break;
                    default: reader.Skip(); break;
                }
            }

            _ = reader.Read(); // whatever follows the object is a fault
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw CollectionFormatException.At(lines.Path, lines.LineNumber, $"broken JSON ({exception.Message})", Layout,
                "Write each record on one line, as UTF-8.", exception);
        }

        if (string.IsNullOrEmpty(id) || text is null)
        {
            throw Fault(lines, string.IsNullOrEmpty(id) ? "no _id" : $"no text in the record '{id}'", Layout);
        }

        if (Encoding.UTF8.GetByteCount(id) > MaxIdBytes)
        {
            throw Fault(lines, $"an _id of {Encoding.UTF8.GetByteCount(id):N0} bytes", $"one of at most {MaxIdBytes:N0}");
        }

        return new(id, title ?? "", text);
    }

    private static string? StringOf(Utf8Lines lines, ref Utf8JsonReader reader, string property) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Null => null,
        _ => throw Fault(lines, $"{property} of type {reader.TokenType}", "a string"),
    };

    private static CollectionFormatException Fault(Utf8Lines lines, string found, string expected) =>
        CollectionFormatException.At(lines.Path, lines.LineNumber, found, expected,
            "Write {\"_id\": \"…\", \"title\": \"…\", \"text\": \"…\"}; title may be missing.");
}
