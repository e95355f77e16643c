using System.Buffers.Binary;
using System.IO.Hashing;

namespace Platform.Indexing.Shards;

/// <summary>The frame of a shard's small files: magic, version, checksum, content. See FORMAT.md.</summary>
internal static class CheckedFile
{
    /// <summary>"PDEL" in ASCII: the deletion bitmap of a segment.</summary>
    public const uint Deletions = 0x4C45_4450;

    /// <summary>"POPS" in ASCII: the operations that a shard remembers.</summary>
    public const uint Operations = 0x5350_4F50;

    /// <summary>The version this build writes and reads.</summary>
    public const int Version = 1;

    private const int HeadLength = 16;

    /// <summary>Frames content.</summary>
    public static byte[] Write(uint magic, ReadOnlySpan<byte> content)
    {
        byte[] file = new byte[HeadLength + content.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(file, magic);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), Version);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(8), XxHash3.HashToUInt64(content));
        content.CopyTo(file.AsSpan(HeadLength));
        return file;
    }

    /// <summary>Reads what <see cref="Write"/> wrote, and hands the content on.</summary>
    /// <exception cref="ShardCorruptException">The frame does not hold, or <paramref name="parse"/> finds the content invalid.</exception>
    public static T Read<T>(string name, uint magic, ReadOnlySpan<byte> file, Func<ReadOnlySpan<byte>, T> parse)
    {
        if (file.Length < HeadLength || BinaryPrimitives.ReadUInt32LittleEndian(file) != magic)
        {
            throw new ShardCorruptException($"'{name}' is not the file that its name says. Restore it from a copy.");
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(file[4..]);
        if (version != Version)
        {
            throw new ShardCorruptException($"'{name}' has format version {version}; this build reads {Version}. Upgrade the silo.");
        }

        ReadOnlySpan<byte> content = file[HeadLength..];
        if (XxHash3.HashToUInt64(content) != BinaryPrimitives.ReadUInt64LittleEndian(file[8..]))
        {
            throw new ShardCorruptException($"'{name}' is damaged: its checksum differs. Restore it from a copy.");
        }

        try
        {
            return parse(content);
        }
        catch (InvalidDataException e)
        {
            throw new ShardCorruptException($"'{name}' does not hold what was written: {e.Message} Restore it from a copy.", e);
        }
    }
}
