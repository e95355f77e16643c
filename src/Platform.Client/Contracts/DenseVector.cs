using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>A dense vector. In JSON an array of numbers, or a string: base64 of its components as little-endian 32-bit floats. Written as base64.</summary>
/// <param name="Values">Its components.</param>
[JsonConverter(typeof(DenseVectorJson))]
public sealed record DenseVector(IReadOnlyList<float> Values);

/// <summary>Reads both forms, and writes the shorter.</summary>
public sealed class DenseVectorJson : JsonConverter<DenseVector>
{
    /// <inheritdoc/>
    public override DenseVector Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.TryGetBytesFromBase64(out byte[]? bytes) && bytes.Length % sizeof(float) == 0
                ? new DenseVector(Unpack(bytes))
                : throw new JsonException();
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException();
        }

        List<float> values = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            values.Add(reader.TokenType == JsonTokenType.Number ? (float)reader.GetDouble() : throw new JsonException());
        }

        return new DenseVector([.. values]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DenseVector value, JsonSerializerOptions options)
    {
        byte[] bytes = new byte[value.Values.Count * sizeof(float)];
        for (int i = 0; i < value.Values.Count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), value.Values[i]);
        }

        writer.WriteBase64StringValue(bytes);
    }

    private static float[] Unpack(byte[] bytes)
    {
        float[] values = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return values;
    }
}
