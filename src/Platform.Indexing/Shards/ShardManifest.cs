using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Indexing.Shards;

/// <summary>What a shard consists of: replaced as a whole by compare-and-swap. Its epoch says who owns the shard.</summary>
internal sealed record ShardManifest
{
    /// <summary>The newest version this build reads. It writes the oldest one that says all there is to say.</summary>
    public const int NewestFormatVersion = 2;

    /// <summary>The format of this record: 2 if it has a range, is retired or shares a segment.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>Raised by every new owner, before it reads anything else.</summary>
    public long Epoch { get; init; }

    /// <summary>The sealed segments, oldest first.</summary>
    public IReadOnlyList<SegmentEntry> Segments { get; init; } = [];

    /// <summary>Logs whose names come before this one are in the segments.</summary>
    public string FirstLog { get; init; } = "";

    /// <summary>Logs of earlier epochs are closed: they count up to their length in <see cref="ClosedLogs"/>, those not listed not at all.</summary>
    public long ClosedBelowEpoch { get; init; }

    /// <summary>The valid lengths of closed logs. What a fenced writer still adds to them lies behind.</summary>
    public IReadOnlyDictionary<string, long> ClosedLogs { get; init; } = new Dictionary<string, long>();

    /// <summary>The blob with the operation ids that were recent when <see cref="FirstLog"/> began; empty for none.</summary>
    public string Operations { get; init; } = "";

    /// <summary>The buckets whose documents the shard takes; null for all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BucketRange? Buckets { get; init; }

    /// <summary>The operation that hands the shard's buckets on; the shard is read and takes no writes. Null while it takes them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RetiredBy { get; init; }

    /// <summary>The manifest's bytes: one line of hexadecimal XXH3 of the rest, then JSON.</summary>
    public byte[] ToBytes()
    {
        bool isPlain = Buckets is null && RetiredBy is null && Segments.All(entry => entry is { Folder: null, Buckets: null });
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(this with { FormatVersion = isPlain ? 1 : 2 }, ManifestJson.Default.ShardManifest);
        return [.. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(XxHash3.Hash(json)) + "\n"), .. json];
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="ShardCorruptException">The checksum, the version or the JSON does not hold.</exception>
    public static ShardManifest FromBytes(string name, ReadOnlySpan<byte> bytes)
    {
        const int ChecksumLength = 17;
        if (bytes.Length < ChecksumLength || bytes[ChecksumLength - 1] != '\n'
            || !Encoding.ASCII.GetBytes(Convert.ToHexStringLower(XxHash3.Hash(bytes[ChecksumLength..]))).AsSpan().SequenceEqual(bytes[..(ChecksumLength - 1)]))
        {
            throw new ShardCorruptException($"Manifest '{name}' is damaged: its checksum differs. Restore it from a copy.");
        }

        ShardManifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(bytes[ChecksumLength..], ManifestJson.Default.ShardManifest)
                ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new ShardCorruptException($"Manifest '{name}' is no manifest: {e.Message} Restore it from a copy.", e);
        }

        if (manifest.FormatVersion is < 1 or > NewestFormatVersion)
        {
            throw new ShardCorruptException(
                $"Manifest '{name}' has format version {manifest.FormatVersion}; this build reads 1 to {NewestFormatVersion}. Upgrade the silo.");
        }

        return manifest.IsWhole() ? manifest : throw new ShardCorruptException($"Manifest '{name}' lacks a field. Restore it from a copy.");
    }

    /// <summary>Whether every field was there: the reader leaves null what the JSON lacks, whatever the types say.</summary>
    private bool IsWhole() => this is { Segments: not null, FirstLog: not null, ClosedLogs: not null, Operations: not null, Buckets: null or { IsValid: true } }
        && Segments.All(entry => entry is { Name: not null, Deletions: not null, Buckets: null or { IsValid: true } });
}

/// <summary>A sealed segment of a shard.</summary>
/// <param name="Name">The blob's name within its shard.</param>
/// <param name="Deletions">The blob of this shard with its deletion bitmap; empty for none.</param>
/// <param name="Folder">The folder, beside this shard's, of the shard that the blob is borrowed from; null for its own.</param>
/// <param name="Buckets">The buckets whose documents count, where the blob has others too; null for all that it has.</param>
internal sealed record SegmentEntry(
    string Name,
    string Deletions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Folder = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BucketRange? Buckets = null)
{
    /// <summary>The shard's own blobs that the entry names; what is borrowed is its owner's.</summary>
    [JsonIgnore]
    public IEnumerable<string> OwnBlobs => Folder is null ? [Name, Deletions] : [Deletions];
}

/// <summary>Writes manifests without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ShardManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
