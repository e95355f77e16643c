using System.IO.Hashing;
using System.Text.RegularExpressions;
using Platform.Indexing.Shards;

namespace Platform.Indexing.Snapshots;

/// <summary>A file that a snapshot consists of; shared by all snapshots of an index that need it, and never changed.</summary>
/// <param name="Name">Its name below the folder of files: <c>{generation}/{shard}/{kind}/{epoch}-{number}</c>, as where it was copied from.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Checksum">XXH3, 128 bits, of all of them, lower-case hexadecimal.</param>
public sealed partial record SnapshotFile(string Name, long Length, string Checksum)
{
    /// <summary>Whether it is a file as <see cref="ShardCut.CopyAsync"/> names and measures them: no other name is ever made a path.</summary>
    public bool IsValid() => Length >= 0 && Form().IsMatch(Name) && Checksum is { Length: 32 };

    [GeneratedRegex(@"\A[0-9]{1,9}/[0-9]{1,9}/(segments|deletions|operations)/[0-9]{12}-[0-9]{8}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();

    /// <summary>The checksum of some bytes.</summary>
    internal static string ChecksumOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(XxHash128.Hash(content));

    /// <summary>Refuses bytes that are not those that were copied.</summary>
    /// <exception cref="SnapshotDamagedException">The length or the checksum differs.</exception>
    internal void Check(string path, ReadOnlySpan<byte> content)
    {
        if (content.Length != Length)
        {
            throw new SnapshotDamagedException($"File '{path}' of the snapshot has {content.Length} bytes, and was copied with {Length}. Restore another snapshot.");
        }

        if (ChecksumOf(content) != Checksum)
        {
            throw new SnapshotDamagedException($"File '{path}' of the snapshot is damaged: its checksum differs. Restore another snapshot.");
        }
    }
}

/// <summary>A sealed segment in a snapshot.</summary>
/// <param name="File">The segment.</param>
/// <param name="Deletions">Its deleted documents; null for none.</param>
/// <param name="Buckets">The buckets whose documents count, where the file has others too; null for all that it has.</param>
public sealed record SnapshotSegment(SnapshotFile File, SnapshotFile? Deletions, BucketRange? Buckets);

/// <summary>One shard as it was at one moment of its writes.</summary>
/// <param name="Buckets">What it owned.</param>
/// <param name="Segments">Oldest first.</param>
/// <param name="Operations">The outcomes of its latest operations; null for none.</param>
public sealed record ShardSnapshot(BucketRange Buckets, IReadOnlyList<SnapshotSegment> Segments, SnapshotFile? Operations)
{
    /// <summary>Whether its ranges and files have the form that is written.</summary>
    public bool IsValid() => Buckets.IsValid && Segments.All(segment => segment.Buckets is null or { IsValid: true }) && Files().All(file => file.IsValid());

    /// <summary>Every file.</summary>
    public IEnumerable<SnapshotFile> Files() => Segments.Select(segment => segment.File)
        .Concat(Segments.Select(segment => segment.Deletions).OfType<SnapshotFile>())
        .Concat(Operations is null ? [] : [Operations]);
}

/// <summary>A snapshot is not what was written, or not all of it is there.</summary>
public sealed class SnapshotDamagedException(string message) : IOException(message);
