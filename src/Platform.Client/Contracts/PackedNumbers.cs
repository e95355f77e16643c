using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>float32 numbers: a JSON array, or their bytes, little-endian, in base64. Both are read.</summary>
/// <param name="Numbers">The numbers.</param>
/// <param name="AsBase64">Which form is written, or was read.</param>
[JsonConverter(typeof(PackedNumbersJson))]
public sealed record PackedNumbers(IReadOnlyList<float> Numbers, bool AsBase64 = false);

/// <summary>int32 numbers: a JSON array, or their bytes, little-endian, in base64. Both are read.</summary>
/// <param name="Numbers">The numbers.</param>
/// <param name="AsBase64">Which form is written, or was read.</param>
[JsonConverter(typeof(PackedWholeNumbersJson))]
public sealed record PackedWholeNumbers(IReadOnlyList<int> Numbers, bool AsBase64 = false);

/// <summary>Reads and writes either form.</summary>
internal sealed class PackedNumbersJson : JsonConverter<PackedNumbers>
{
    /// <inheritdoc/>
    public override PackedNumbers Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new PackedNumbers(PackedJson.Unpack<float>(ref reader), AsBase64: true);
        }

        List<float> numbers = [];
        PackedJson.StartArray(ref reader);
        while (PackedJson.NextNumber(ref reader))
        {
            numbers.Add(reader.GetSingle());
        }

        return new PackedNumbers(numbers);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PackedNumbers value, JsonSerializerOptions options)
    {
        if (value.AsBase64)
        {
            writer.WriteBase64StringValue(MemoryMarshal.AsBytes<float>([.. value.Numbers]));
            return;
        }

        writer.WriteStartArray();
        for (int i = 0; i < value.Numbers.Count; i++)
        {
            writer.WriteNumberValue(value.Numbers[i]);
        }

        writer.WriteEndArray();
    }
}

/// <summary>Reads and writes either form.</summary>
internal sealed class PackedWholeNumbersJson : JsonConverter<PackedWholeNumbers>
{
    /// <inheritdoc/>
    public override PackedWholeNumbers Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new PackedWholeNumbers(PackedJson.Unpack<int>(ref reader), AsBase64: true);
        }

        List<int> numbers = [];
        PackedJson.StartArray(ref reader);
        while (PackedJson.NextNumber(ref reader))
        {
            numbers.Add(reader.GetInt32());
        }

        return new PackedWholeNumbers(numbers);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PackedWholeNumbers value, JsonSerializerOptions options)
    {
        if (value.AsBase64)
        {
            writer.WriteBase64StringValue(MemoryMarshal.AsBytes<int>([.. value.Numbers]));
            return;
        }

        writer.WriteStartArray();
        for (int i = 0; i < value.Numbers.Count; i++)
        {
            writer.WriteNumberValue(value.Numbers[i]);
        }

        writer.WriteEndArray();
    }
}

/// <summary>What both converters share.</summary>
internal static class PackedJson
{
    /// <summary>The numbers of a base64 text.</summary>
    /// <exception cref="JsonException">It is no base64 of whole numbers.</exception>
    public static T[] Unpack<T>(ref Utf8JsonReader reader)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Packed numbers are read on little-endian machines.");
        }

        return reader.TryGetBytesFromBase64(out byte[]? bytes) && bytes.Length % sizeof(int) == 0
            ? MemoryMarshal.Cast<byte, T>(bytes).ToArray()
            : throw new JsonException();
    }

    /// <summary>Requires an array.</summary>
    public static void StartArray(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException();
        }
    }

    /// <summary>Goes on to the next number; false at the array's end.</summary>
    public static bool NextNumber(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType switch
    {
        JsonTokenType.Number => true,
        JsonTokenType.EndArray => false,
        _ => throw new JsonException(),
    };
}
