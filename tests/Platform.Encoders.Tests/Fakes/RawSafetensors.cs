using System.Buffers.Binary;
using System.Text;

namespace Platform.Encoders.Tests.Fakes;

/// <summary>Safetensors files byte by byte, sound or not.</summary>
internal static class RawSafetensors
{
    /// <summary>A header's true length, the header, and as many bytes of data.</summary>
    public static byte[] Of(string header, int dataLength) => Of((ulong)Encoding.UTF8.GetByteCount(header), Encoding.UTF8.GetBytes(header), dataLength);

    /// <summary>A stated length of the header, its bytes, and bytes of data.</summary>
    public static byte[] Of(ulong statedLength, ReadOnlySpan<byte> header, int dataLength)
    {
        byte[] file = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, statedLength);
        header.CopyTo(file.AsSpan(8));
        for (int i = 0; i < dataLength; i++)
        {
            file[8 + header.Length + i] = (byte)i;
        }

        return file;
    }

    /// <summary>One float32 tensor's entry.</summary>
    public static string Entry(string name, int elements, int begin) =>
        $$"""{{Name(name)}}:{"dtype":"F32","shape":[{{elements}}],"data_offsets":[{{begin}},{{begin + (4 * elements)}}]}""";

    /// <summary>A file of float32 vectors, one after another.</summary>
    public static byte[] Vectors(params (string Name, int Elements)[] tensors)
    {
        int end = 0;
        List<string> entries = [];
        foreach ((string name, int elements) in tensors)
        {
            entries.Add(Entry(name, elements, end));
            end += 4 * elements;
        }

        return Of($"{{{string.Join(',', entries)}}}", end);
    }

    /// <summary>A file of float32 tensors, one after another.</summary>
    public static byte[] Tensors(params (string Name, long[] Shape)[] tensors)
    {
        long end = 0;
        List<string> entries = [];
        foreach ((string name, long[] shape) in tensors)
        {
            long begin = end;
            end += 4 * shape.Aggregate(1L, (product, dimension) => product * dimension);
            entries.Add($$"""{{Name(name)}}:{"dtype":"F32","shape":[{{string.Join(',', shape)}}],"data_offsets":[{{begin}},{{end}}]}""");
        }

        return Of($"{{{string.Join(',', entries)}}}", (int)end);
    }

    private static string Name(string name) => System.Text.Json.JsonSerializer.Serialize(name);
}
