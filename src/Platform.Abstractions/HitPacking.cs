using System.Buffers.Binary;
using System.Text;

namespace Platform.Abstractions;

/// <summary>A hit list as bytes: count (int32), then for each hit its score (float64), its key's length (int32) and its key (UTF-8). All little-endian.</summary>
public static class HitPacking
{
    /// <summary>Packs parallel lists, best first.</summary>
    public static byte[] Pack(IReadOnlyList<string> documentKeys, IReadOnlyList<double> scores)
    {
        int size = sizeof(int);
        foreach (string key in documentKeys)
        {
            size += sizeof(double) + sizeof(int) + Encoding.UTF8.GetByteCount(key);
        }

        byte[] packed = new byte[size];
        BinaryPrimitives.WriteInt32LittleEndian(packed, documentKeys.Count);
        int at = sizeof(int);
        for (int i = 0; i < documentKeys.Count; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(packed.AsSpan(at), scores[i]);
            int length = Encoding.UTF8.GetBytes(documentKeys[i], packed.AsSpan(at + sizeof(double) + sizeof(int)));
            BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(at + sizeof(double)), length);
            at += sizeof(double) + sizeof(int) + length;
        }

        return packed;
    }

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    public static (string DocumentKey, double Score)[] Unpack(ReadOnlySpan<byte> packed)
    {
        var hits = new (string, double)[BinaryPrimitives.ReadInt32LittleEndian(packed)];
        int at = sizeof(int);
        for (int i = 0; i < hits.Length; i++)
        {
            double score = BinaryPrimitives.ReadDoubleLittleEndian(packed[at..]);
            int length = BinaryPrimitives.ReadInt32LittleEndian(packed[(at + sizeof(double))..]);
            at += sizeof(double) + sizeof(int);
            hits[i] = (Encoding.UTF8.GetString(packed.Slice(at, length)), score);
            at += length;
        }

        return hits;
    }
}
