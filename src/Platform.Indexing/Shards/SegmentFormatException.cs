namespace Platform.Indexing.Shards;

/// <summary>A segment file is not what this build can read.</summary>
public sealed class SegmentFormatException : IOException
{
    private SegmentFormatException(string message)
        : base(message)
    {
    }

    internal static SegmentFormatException NotASegment(string name) =>
        new($"'{name}' is not a segment file: it does not start with 'PSEG'. Restore it from a copy.");

    internal static SegmentFormatException UnsupportedVersion(string name, int version, int oldest, int newest) =>
        new($"Segment '{name}' has format version {version}; this build reads {oldest} to {newest}. Upgrade the silo, or ingest the documents again.");

    internal static SegmentFormatException Truncated(string name, long expected, long found) =>
        new($"Segment '{name}' should have {expected} bytes and has {found}. Restore it from a copy.");

    internal static SegmentFormatException Outside(string name, string part, long offset, long length, long fileLength) =>
        new($"Segment '{name}' says that its part {part} has {length} bytes at {offset}; the file has {fileLength}. Restore it from a copy.");

    internal static SegmentFormatException Contradiction(string name, string part) =>
        new($"Segment '{name}' contradicts itself: its part {part} does not belong to the others. Restore it from a copy.");

    internal static SegmentFormatException Damaged(string name, string part, long offset) =>
        new($"Segment '{name}' is damaged in its part {part} at byte {offset}: the checksum differs. Restore it from a copy.");
}
