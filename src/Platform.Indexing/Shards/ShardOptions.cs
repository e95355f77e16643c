namespace Platform.Indexing.Shards;

/// <summary>How a shard seals, merges and queues.</summary>
public sealed class ShardOptions
{
    /// <summary>The memory segment is sealed into a file when it holds this many bytes. Default 32 MiB.</summary>
    public long SealAtBytes { get; set; } = 32L << 20;

    /// <summary>Segments of one size class are merged when there are this many. Default 8.</summary>
    public int MergeFactor { get; set; } = 8;

    /// <summary>Merges make no segment larger than this. Default 1 GiB; at most 1.9 GiB.</summary>
    public long MaxSegmentBytes { get; set; } = 1L << 30;

    /// <summary>A segment is rewritten alone when more than this share of its documents is deleted. Default 0.3.</summary>
    public double MaxDeletedShare { get; set; } = 0.3;

    /// <summary>Writes that wait for the log; one more is refused as busy. Default 64 MiB.</summary>
    public long MaxQueuedBytes { get; set; } = 64L << 20;

    /// <summary>Adds each broken rule to a list, in words.</summary>
    /// <param name="section">The configuration section, for the messages.</param>
    /// <param name="faults">Takes the messages.</param>
    public void Validate(string section, ICollection<string> faults)
    {
        if (SealAtBytes is < 4096 or > 1L << 30)
        {
            faults.Add($"{section}:SealAtBytes is {SealAtBytes}; it must be 4,096 to 1,073,741,824.");
        }

        if (MergeFactor is < 2 or > 64)
        {
            faults.Add($"{section}:MergeFactor is {MergeFactor}; it must be 2 to 64.");
        }

        if (MaxSegmentBytes < SealAtBytes || MaxSegmentBytes > 2_040_109_465)
        {
            faults.Add($"{section}:MaxSegmentBytes is {MaxSegmentBytes}; it must be SealAtBytes to 2,040,109,465.");
        }

        if (MaxDeletedShare is not (> 0 and <= 1))
        {
            faults.Add($"{section}:MaxDeletedShare is {MaxDeletedShare}; it must be above 0 and at most 1.");
        }

        if (MaxQueuedBytes is < 1 << 20 or > 4L << 30)
        {
            faults.Add($"{section}:MaxQueuedBytes is {MaxQueuedBytes}; it must be 1,048,576 to 4,294,967,296.");
        }
    }
}
