using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Encoders.Weights;

/// <summary>Writes a safetensors file, whole or not at all: a temporary file beside it, flushed, then renamed over it.</summary>
/// <remarks>
/// The same tensors give the same bytes in whatever order they come: the widest elements first, then by name. The header is padded with
/// spaces to a multiple of 8 bytes, so that every tensor begins at a multiple of its element's size.
/// </remarks>
public static class SafetensorsWriter
{
    private const int HeaderAlignment = 8;

    /// <summary>Writes the file, over an older one if there is one.</summary>
    /// <param name="path">Where.</param>
    /// <param name="tensors">What; names differ.</param>
    /// <param name="metadata">Texts for the header's <c>__metadata__</c>; null for none.</param>
    /// <param name="cancellationToken">Gives up; what was there before stays.</param>
    /// <exception cref="CheckpointException">A reader would refuse the file.</exception>
    public static async Task WriteAsync(
        string path, IReadOnlyList<TensorContent> tensors, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        path = Path.GetFullPath(path);
        TensorContent[] inOrder = [.. tensors.OrderByDescending(tensor => tensor.ElementType.SizeOf()).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        byte[] header = HeaderOf(path, inOrder, metadata);
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
            {
                byte[] length = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
                await stream.WriteAsync(length, cancellationToken);
                await stream.WriteAsync(header, cancellationToken);
                foreach (TensorContent tensor in inOrder)
                {
                    long due = stream.Position + BytesOf(path, tensor);
                    await tensor.WriteAsync(stream, cancellationToken);
                    if (stream.Position != due)
                    {
                        throw CheckpointException.OfTensor(path, tensor.Name, $"its content has {stream.Position - due + BytesOf(path, tensor)} bytes; its shape needs {BytesOf(path, tensor)}", "Give shape and content of one tensor.");
                    }
                }

                await stream.FlushAsync(cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static byte[] HeaderOf(string path, TensorContent[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var json = new System.Buffers.ArrayBufferWriter<byte>();
        long position = 0;
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    writer.WriteString(key, value);
                }

                writer.WriteEndObject();
            }

            foreach (TensorContent tensor in tensors)
            {
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", tensor.ElementType.ToString());
                writer.WriteStartArray("shape");
                foreach (long dimension in tensor.Shape)
                {
                    writer.WriteNumberValue(dimension);
                }

                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(position);
                position = checked(position + BytesOf(path, tensor));
                writer.WriteNumberValue(position);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        int padded = (json.WrittenCount + HeaderAlignment - 1) / HeaderAlignment * HeaderAlignment;
        byte[] header = new byte[padded];
        header.AsSpan().Fill((byte)' ');
        json.WrittenSpan.CopyTo(header);

        // The reader's own rules decide what may be written.
        var rules = new SafetensorsHeader(path, HeaderAlignment + padded, position);
        rules.Read(header);
        _ = rules.TensorsInOrder();
        return header;
    }

    private static long BytesOf(string path, TensorContent tensor)
    {
        try
        {
            return tensor.Shape.Aggregate((long)tensor.ElementType.SizeOf(), (product, dimension) => checked(product * dimension));
        }
        catch (OverflowException)
        {
            throw CheckpointException.OfTensor(path, tensor.Name, $"shape {TensorEntry.TextOf(tensor.Shape)} has more bytes than a 64-bit number counts", "Split the tensor.");
        }
    }
}
