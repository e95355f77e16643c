using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;

namespace Platform.Indexing.Shards;

/// <summary>The names and the frames of a shard's log: a run of append-only blobs, each of one epoch. See FORMAT.md.</summary>
/// <remarks>
/// A record is: payload length (uint32); XXH3 of that length and the record's offset, low 32 bits; XXH3 of the payload (uint64); payload.
/// The offset in the head's checksum makes a record valid in its own place only, so that a torn tail (nothing valid behind it: never
/// acknowledged) can be told from damage in the middle.
/// </remarks>
internal static class ShardLog
{
    /// <summary>"PLOG" and version 1.</summary>
    public const ulong Header = 0x0000_0001_474F_4C50;

    /// <summary>Bytes before the first record.</summary>
    public const int HeaderLength = 8;

    /// <summary>Bytes before a record's payload.</summary>
    public const int HeadLength = 16;

    /// <summary>The epoch in the name of a shard's log or other numbered blob, <c>kind/epoch-sequence</c>.</summary>
    /// <exception cref="ShardCorruptException">The name is not of that form.</exception>
    public static long EpochOf(string name)
    {
        string file = name[(name.LastIndexOf('/') + 1)..];
        int dash = file.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && long.TryParse(file.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out long epoch)
            ? epoch
            : throw new ShardCorruptException($"'{name}' lies in a shard's folder and is not one of its files. Move it away.");
    }

    /// <summary>Writes one record's frame and payload.</summary>
    /// <param name="target">At least <see cref="HeadLength"/> + payload bytes.</param>
    /// <param name="offset">Where the record will start in its blob.</param>
    /// <param name="payload">A packed batch.</param>
    /// <returns>Bytes written.</returns>
    public static int WriteRecord(Span<byte> target, long offset, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], HeadChecksum(target[..4], offset));
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], XxHash3.HashToUInt64(payload));
        payload.CopyTo(target[HeadLength..]);
        return HeadLength + payload.Length;
    }

    /// <summary>Hands every whole record to <paramref name="apply"/>, in order, and returns the length of the valid prefix.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="log">The blob's bytes.</param>
    /// <param name="apply">Takes each payload.</param>
    /// <exception cref="ShardCorruptException">A record is damaged and others follow it: acknowledged writes would be lost by going on.</exception>
    public static long Replay(string name, ReadOnlySpan<byte> log, Action<ReadOnlySpan<byte>> apply)
    {
        if (log.Length < HeaderLength)
        {
            return 0;                                        // torn at its creation: nothing was acknowledged
        }

        if (BinaryPrimitives.ReadUInt64LittleEndian(log) != Header)
        {
            throw new ShardCorruptException($"Log '{name}' does not start with the header of a version 1 log. Restore it from a copy.");
        }

        int at = HeaderLength;
        while (log.Length - at >= HeadLength)
        {
            if (!TryReadRecord(log, at, out ReadOnlySpan<byte> payload))
            {
                break;
            }

            apply(payload);
            at += HeadLength + payload.Length;
        }

        for (int later = at + 1; later <= log.Length - HeadLength; later++)
        {
            if (TryReadRecord(log, later, out _))
            {
                throw new ShardCorruptException(
                    $"Log '{name}' is damaged at byte {at}, and a whole record follows at byte {later}. Restore it from a copy.");
            }
        }

        return at;
    }

    private static bool TryReadRecord(ReadOnlySpan<byte> log, int at, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(log[at..]);
        if (length > log.Length - at - HeadLength
            || BinaryPrimitives.ReadUInt32LittleEndian(log[(at + 4)..]) != HeadChecksum(log.Slice(at, 4), at))
        {
            return false;
        }

        payload = log.Slice(at + HeadLength, (int)length);
        return XxHash3.HashToUInt64(payload) == BinaryPrimitives.ReadUInt64LittleEndian(log[(at + 8)..]);
    }

    private static uint HeadChecksum(ReadOnlySpan<byte> length, long offset) => (uint)XxHash3.HashToUInt64(length, seed: offset);
}
