namespace Platform.Indexing.Dense;

/// <summary>A score and a row in 64 bits that order by score, then the smaller row: heaps compare integers.</summary>
internal static class RowKey
{
    /// <summary>Packs a finite score and a row.</summary>
    public static ulong Of(float score, int row) => ((ulong)Ordered(score) << 32) | (uint)~row;

    /// <summary>The row.</summary>
    public static int RowOf(ulong key) => ~(int)(uint)key;

    /// <summary>The score.</summary>
    public static float ScoreOf(ulong key)
    {
        uint ordered = (uint)(key >> 32);
        return BitConverter.UInt32BitsToSingle((ordered & 0x8000_0000) != 0 ? ordered & 0x7FFF_FFFF : ~ordered);
    }

    /// <summary>Whether one key's score is higher than another's, whatever the rows.</summary>
    public static bool IsBetter(ulong key, ulong other) => key >> 32 > other >> 32;

    // Integers in the order of the floats; adding 0 makes -0 the same as 0.
    private static uint Ordered(float score)
    {
        uint bits = BitConverter.SingleToUInt32Bits(score + 0f);
        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }
}
