namespace Platform.Indexing.Sparse;

/// <summary>The fixed sizes of the segment format, and the arithmetic on them.</summary>
internal static class BlockLayout
{
    /// <summary>Documents of one block: one bit each in a 64-bit word, one vector of expanded impacts.</summary>
    public const int BlockSize = 64;

    /// <summary>Blocks of one window (the superblock): a block's number in its window fits a byte.</summary>
    public const int BlocksPerWindow = 256;

    /// <summary>Documents of one window: its 16-bit sums are 32 KiB and stay in the first-level cache.</summary>
    public const int WindowSize = BlockSize * BlocksPerWindow;

    /// <summary>
    /// A term's block with at least this many postings is stored dense (about 9 + n bytes), with fewer scattered (2.1 n to 3 n bytes).
    /// </summary>
    public const int DenseFrom = 6;

    /// <summary>Documents of a group: the low byte of a scattered document in a window with many of them.</summary>
    public const int GroupSize = 256;

    /// <summary>Groups of one window: the bits of one word.</summary>
    public const int GroupsPerWindow = WindowSize / GroupSize;

    /// <summary>
    /// From this many scattered postings of a window on, their groups are counted in unary and only low bytes stored: fewer bytes
    /// than 16 bits a document.
    /// </summary>
    public const int UnaryFrom = 11;

    /// <summary>From this many dense blocks of a window on, a bit a block says which they are: fewer bytes than a number a block.</summary>
    public const int BitmapFrom = BlocksPerWindow / 8;

    /// <summary>Dense blocks for which it is said how many postings they and those before them have.</summary>
    public const int BlocksPerSum = 8;

    /// <summary>Zero bytes after the postings, so that a vector load at their end stays inside the part.</summary>
    public const int Padding = 64;

    /// <summary>Bytes of the unary counts of <paramref name="scattered"/> postings' groups: a one a posting, a zero a group.</summary>
    public static int UnaryBytes(int scattered) => (scattered + GroupsPerWindow + 7) / 8;

    /// <summary>Bytes of a window's scattered documents, without their impacts.</summary>
    public static int DocumentBytes(int scattered) =>
        scattered < UnaryFrom ? 2 * scattered : UnaryBytes(scattered) + scattered;

    /// <summary>Bytes that say which <paramref name="dense"/> blocks of a window are dense.</summary>
    public static int BlockIdBytes(int dense) => Math.Min(dense, BitmapFrom);

    /// <summary>Bytes of the sums of the postings of every eight dense blocks.</summary>
    public static int SumBytes(int dense) => dense / BlocksPerSum * sizeof(ushort);

    /// <summary>Windows that hold <paramref name="documents"/> documents.</summary>
    public static int WindowsOf(int documents) => (int)(((uint)documents + WindowSize - 1) / WindowSize);

    /// <summary>Blocks that hold <paramref name="documents"/> documents.</summary>
    public static int BlocksOf(int documents) => (int)(((uint)documents + BlockSize - 1) / BlockSize);

    /// <summary>Whether a term stores the maxima of all blocks: half a byte a block, so at most a byte a posting.</summary>
    public static bool StoresBlockMaxima(int postings, int documents) =>
        postings >= BlocksOf(documents) / 2 && documents > WindowSize / 4;
}
