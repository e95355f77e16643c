using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Platform.Abstractions.Records;
using Platform.Indexing.Snapshots;

namespace Platform.Silo.Snapshots;

/// <summary>What a snapshot consists of; written last, so that a snapshot is whole or not there.</summary>
internal sealed record SnapshotManifest
{
    /// <summary>The version this build writes and reads.</summary>
    public const int CurrentFormatVersion = 1;

    private const int ChecksumLength = 17;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    /// <summary>The format of this record.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>The snapshot's name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The index as it was.</summary>
    public required IndexDefinition Definition { get; init; }

    /// <summary>Its shards.</summary>
    public required IReadOnlyList<ShardSnapshot> Shards { get; init; }

    /// <summary>Bytes that no snapshot had before it.</summary>
    public required long AddedBytes { get; init; }

    /// <summary>Every file, each once.</summary>
    public IReadOnlyList<SnapshotFile> Files() => [.. Shards.SelectMany(shard => shard.Files()).DistinctBy(file => file.Name)];

    /// <summary>For people.</summary>
    public SnapshotReport Report()
    {
        IReadOnlyList<SnapshotFile> files = Files();
        return new SnapshotReport
        {
            Name = Name,
            CreatedAt = CreatedAt,
            Shards = Shards.Count,
            Files = files.Count,
            Bytes = files.Sum(file => file.Length),
            AddedBytes = AddedBytes,
        };
    }

    /// <summary>What to ask the tenant's catalogue for, to make an index of the snapshot.</summary>
    public NewIndex PlanOf(string target, int shards, SnapshotSource from) => new()
    {
        Name = target,
        Shards = shards,
        Encoder = Definition.Encoder,
        K1 = Definition.K1,
        B = Definition.B,
        SparseMaxWeight = Definition.SparseMaxWeight,
        Pruning = Definition.Pruning,
        Dense = Definition.Dense,
        Fields = Definition.Fields,
        From = from,
    };

    /// <summary>The manifest's bytes: one line of hexadecimal XXH3 of the rest, then JSON.</summary>
    public byte[] ToBytes()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(this, Json);
        return [.. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(XxHash3.Hash(json)) + "\n"), .. json];
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="SnapshotDamagedException">It is cut off or changed, or of a later version.</exception>
    public static SnapshotManifest FromBytes(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < ChecksumLength
            || !Encoding.ASCII.GetBytes(Convert.ToHexStringLower(XxHash3.Hash(bytes[ChecksumLength..])) + "\n").AsSpan().SequenceEqual(bytes[..ChecksumLength]))
        {
            throw new SnapshotDamagedException($"File '{path}' of the snapshot is damaged: its checksum differs. Restore another snapshot.");
        }

        try
        {
            SnapshotManifest manifest = JsonSerializer.Deserialize<SnapshotManifest>(bytes[ChecksumLength..], Json) ?? throw new JsonException("It is null.");
            return manifest.FormatVersion != CurrentFormatVersion
                ? throw new SnapshotDamagedException($"File '{path}' has format version {manifest.FormatVersion}; this build reads {CurrentFormatVersion}. Upgrade the silo.")
                : manifest.Fault() is { } fault
                ? throw new SnapshotDamagedException($"File '{path}' is no manifest of a snapshot: {fault}. Restore another snapshot.")
                : manifest;
        }
        catch (JsonException e)
        {
            throw new SnapshotDamagedException($"File '{path}' is no manifest of a snapshot: {e.Message} Restore another snapshot.");
        }
    }

    /// <summary>What keeps a manifest from being one whose files may be opened; null for nothing.</summary>
    private string? Fault()
    {
        int next = 0;
        foreach (ShardSnapshot shard in Shards)
        {
            if (!shard.IsValid() || shard.Buckets.First != next)
            {
                return $"shard of buckets {shard.Buckets} has a file or a range that is not of the form written, or does not follow bucket {next - 1}";
            }

            next = shard.Buckets.Last + 1;
        }

        return next == ShardMap.Buckets ? null : $"no shard has bucket {next}";
    }
}
