using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Fields;

/// <summary>What one document has in one field.</summary>
/// <param name="Name">The field.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Keywords">The words of <see cref="FieldKind.Keywords"/>, in any order; repeated ones count once.</param>
/// <param name="Scalar">The value of <see cref="FieldKind.Scalar"/>.</param>
public sealed record FieldValue(string Name, FieldKind Kind, IReadOnlyList<string> Keywords, long Scalar)
{
    /// <summary>Some words.</summary>
    public static FieldValue OfKeywords(string name, params IReadOnlyList<string> keywords) => new(name, FieldKind.Keywords, keywords, 0);

    /// <summary>One number.</summary>
    public static FieldValue OfScalar(string name, long scalar) => new(name, FieldKind.Scalar, [], scalar);

    /// <summary>A document's values as they lie in a batch; empty for none. See <c>Shards/FORMAT.md</c>.</summary>
    /// <param name="values">Each field once; a field without words is left out.</param>
    /// <exception cref="ArgumentException">A field stands twice.</exception>
    public static byte[] Pack(IEnumerable<FieldValue> values)
    {
        var fields = values.Where(value => value.Kind == FieldKind.Scalar || value.Keywords.Count > 0)
            .Select(value => (Name: Encoding.UTF8.GetBytes(value.Name), Value: value)).ToList();
        if (fields.Count == 0)
        {
            return [];
        }

        fields.Sort((a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        var bytes = new ArrayBufferWriter<byte>();
        Varint.Write(bytes, fields.Count);
        for (int i = 0; i < fields.Count; i++)
        {
            if (i > 0 && fields[i - 1].Name.AsSpan().SequenceEqual(fields[i].Name))
            {
                throw new ArgumentException($"Field '{fields[i].Value.Name}' stands twice; give all its values at once.", nameof(values));
            }

            WriteBytes(bytes, fields[i].Name);
            bytes.Write([(byte)fields[i].Value.Kind]);
            if (fields[i].Value.Kind == FieldKind.Scalar)
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(sizeof(long)), fields[i].Value.Scalar);
                bytes.Advance(sizeof(long));
            }
            else
            {
                WriteKeywords(bytes, fields[i].Value.Keywords);
            }
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteKeywords(ArrayBufferWriter<byte> bytes, IReadOnlyList<string> keywords)
    {
        byte[][] words = [.. keywords.Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];
        Array.Sort(words, (a, b) => a.AsSpan().SequenceCompareTo(b));
        Varint.Write(bytes, words.Length);
        foreach (byte[] word in words)
        {
            WriteBytes(bytes, word);
        }
    }

    private static void WriteBytes(ArrayBufferWriter<byte> bytes, byte[] value)
    {
        Varint.Write(bytes, value.Length);
        bytes.Write(value);
    }
}
