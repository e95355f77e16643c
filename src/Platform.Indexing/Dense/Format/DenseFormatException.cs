namespace Platform.Indexing.Dense;

/// <summary>The bytes of a dense segment are not what the format says: damaged, cut off, or of another version.</summary>
public sealed class DenseFormatException : Exception
{
    private DenseFormatException(string segment, string part, long offset, string message)
        : base(message)
    {
        Segment = segment;
        Part = part;
        Offset = offset;
    }

    /// <summary>The name under which the segment was opened.</summary>
    public string Segment { get; }

    /// <summary>The part that is wrong, as <c>FORMAT.md</c> names it.</summary>
    public string Part { get; }

    /// <summary>Where the wrong bytes start, from the segment's first byte.</summary>
    public long Offset { get; }

    internal static DenseFormatException Damaged(string segment, string part, long offset, string what) =>
        new(segment, part, offset, $"Segment '{segment}' is damaged in its dense part '{part}' at byte {offset}: {what}. Bring the file back from a backup, or ingest the index again.");

    internal static DenseFormatException TooShort(string segment, long length, long least) =>
        new(segment, "footer", length, $"Segment '{segment}' has {length} bytes; it should have at least {least}. It was cut off: bring the file back from a backup, or ingest the index again.");

    internal static DenseFormatException UnsupportedVersion(string segment, uint version, uint oldest, uint newest) =>
        new(segment, "preamble", 8, $"Segment '{segment}' has dense format version {version}; this build reads {oldest} to {newest}. Upgrade the silo, or ingest the index again.");
}
