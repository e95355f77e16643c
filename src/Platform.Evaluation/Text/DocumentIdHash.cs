using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Platform.Evaluation.Text;

/// <summary>A hash of document ids for tables that live in one process; never stored.</summary>
internal static class DocumentIdHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15; // 2^64 / golden ratio: Knuth's multiplicative hashing

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(ReadOnlySpan<byte> documentId)
    {
        ulong hash = (ulong)documentId.Length * Multiplier;
        while (documentId.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(documentId));
            documentId = documentId[sizeof(ulong)..];
        }

        ulong tail = 0;
        for (int i = 0; i < documentId.Length; i++)
        {
            tail |= (ulong)documentId[i] << (8 * i);
        }

        return (uint)(Mix(hash ^ tail) >> 32);
    }

    private static ulong Mix(ulong value)
    {
        ulong product = value * Multiplier;
        return product ^ (product >> 29);
    }
}
