namespace Platform.Indexing.Shards;

/// <summary>Tiered merging: files of about one size are merged when there are <see cref="ShardOptions.MergeFactor"/> of them.</summary>
/// <remarks>A document is rewritten about log_f(shard / seal) times. A file with many settled deletions is rewritten alone,
/// and so is a borrowed one, so that its owner can go.</remarks>
internal static class MergePolicy
{
    /// <summary>The files to merge now; empty if all is well.</summary>
    public static IReadOnlyList<SealedSegment> Choose(IReadOnlyList<SealedSegment> segments, ShardOptions options)
    {
        foreach (IGrouping<int, SealedSegment> tier in segments.GroupBy(segment => TierOf(segment, options)).OrderBy(tier => tier.Key))
        {
            SealedSegment[] smallest = [.. tier.OrderBy(segment => segment.FileBytes).Take(options.MergeFactor)];
            if (smallest.Length == options.MergeFactor && smallest.Sum(segment => segment.FileBytes) <= options.MaxSegmentBytes)
            {
                return smallest;
            }
        }

        SealedSegment? worst = segments.MaxBy(DeletedShare);
        return worst is not null && DeletedShare(worst) > options.MaxDeletedShare ? [worst]
            : segments.FirstOrDefault(segment => segment.Folder is not null) is { } borrowed ? [borrowed]
            : [];
    }

    private static double DeletedShare(SealedSegment segment) => (double)segment.Settled.Count / Math.Max(1, segment.DocumentCount);

    private static int TierOf(SealedSegment segment, ShardOptions options) =>
        segment.FileBytes <= options.SealAtBytes ? 0 : (int)Math.Ceiling(Math.Log((double)segment.FileBytes / options.SealAtBytes, options.MergeFactor));
}
