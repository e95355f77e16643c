using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;
using Platform.Gateway.Reading;

namespace Platform.Gateway.Endpoints;

/// <summary>What is stored of a document: a JSON object in UTF-8 with those of <c>title</c>, <c>text</c> and <c>fields</c> that were given.</summary>
internal static class StoredJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The stored bytes of an item; numbers keep their digits as they were sent.</summary>
    /// <exception cref="RequestException"><c>invalid_json</c>: the fields hold text that is not Unicode.</exception>
    public static byte[] Write(BulkItem item)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, Compact);
        json.WriteStartObject();
        if (item.Title is { } title)
        {
            json.WriteString("title"u8, title);
        }

        if (item.Text is { } text)
        {
            json.WriteString("text"u8, text);
        }

        if (item.Fields is { } fields)
        {
            json.WriteStartObject("fields"u8);
            foreach ((string name, JsonElement value) in fields)
            {
                WriteField(json, name, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static StoredFields Read(ReadOnlyMemory<byte> stored) =>
        JsonSerializer.Deserialize(stored.Span, GatewayJson.Answers.StoredFields) ?? new StoredFields();

    private static void WriteField(Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        try
        {
            value.WriteTo(json);
        }
        catch (InvalidOperationException)
        {
            throw new RequestException(Fault.InvalidJson($"Member 'fields.{Fault.Shorten(name)}' holds text that is not valid Unicode, for example half of a surrogate pair."));
        }
    }
}
