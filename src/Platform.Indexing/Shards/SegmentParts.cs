using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Platform.Indexing.Shards;

/// <summary>The parts of an open segment file. Opening reads the header only; a part is checked when it is first used.</summary>
/// <remarks>Safe on any number of threads: two that check one part at once find the same.</remarks>
internal sealed class SegmentParts(string name, SegmentParts.Entry[] entries)
{
    private readonly bool[] _checked = new bool[entries.Length];

    /// <summary>A part, checked.</summary>
    /// <exception cref="SegmentFormatException">Its checksum differs.</exception>
    public ReadOnlySpan<byte> Bytes(SegmentFile.Part part)
    {
        Entry entry = entries[(int)part];
        ReadOnlySpan<byte> bytes = entry.Content.Span;
        if (!Volatile.Read(ref _checked[(int)part]))
        {
            if (XxHash3.HashToUInt64(bytes) != entry.Checksum)
            {
                throw SegmentFormatException.Damaged(name, part.ToString(), entry.Offset);
            }

            Volatile.Write(ref _checked[(int)part], true);
        }

        return bytes;
    }

    /// <summary>A part of numbers, checked.</summary>
    /// <exception cref="SegmentFormatException">Its checksum differs.</exception>
    public ReadOnlySpan<T> Numbers<T>(SegmentFile.Part part)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes(part));

    /// <summary>A part that checks its pieces itself, and where it begins in the file.</summary>
    public (ReadOnlyMemory<byte> Content, long Offset) Unchecked(SegmentFile.Part part) => (entries[(int)part].Content, entries[(int)part].Offset);

    /// <summary>A part as the header names it.</summary>
    /// <param name="Content">Its bytes.</param>
    /// <param name="Offset">Where it begins in the file.</param>
    /// <param name="Checksum">XXH3 of it.</param>
    internal sealed record Entry(ReadOnlyMemory<byte> Content, long Offset, ulong Checksum)
    {
        /// <summary>A part that the file's version does not have.</summary>
        public static Entry Absent { get; } = new(default, 0, XxHash3.HashToUInt64([]));
    }
}
