using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>One text or several: a JSON string, or an array of strings.</summary>
/// <param name="Texts">The texts in order.</param>
[JsonConverter(typeof(EmbeddingInputJson))]
public sealed record EmbeddingInput(IReadOnlyList<string> Texts)
{
    /// <summary>One text.</summary>
    public static EmbeddingInput Of(string text) => new([text]);
}

/// <summary>Reads either form; writes the array.</summary>
internal sealed class EmbeddingInputJson : JsonConverter<EmbeddingInput>
{
    /// <inheritdoc/>
    public override EmbeddingInput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return EmbeddingInput.Of(Text(ref reader));
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException();
        }

        List<string> texts = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            texts.Add(Text(ref reader));
        }

        return reader.TokenType == JsonTokenType.EndArray ? new EmbeddingInput(texts) : throw new JsonException();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EmbeddingInput value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (string text in value.Texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)                       // half of a surrogate pair
        {
            throw new JsonException();
        }
    }
}
