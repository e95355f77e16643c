using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Encoders.Models;

/// <summary>What a version of a model consists of, to the byte: <c>manifest.json</c> in its folder.</summary>
public sealed record ModelManifest
{
    /// <summary>The file's name.</summary>
    public const string FileName = "manifest.json";

    private const int CurrentFormat = 1;
    private const int MaxBytes = 4 << 20;
    private const int MaxFiles = 2000;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>The version of this file's form; 1.</summary>
    public required int Format { get; init; }

    /// <summary>The model's id.</summary>
    public required string Id { get; init; }

    /// <summary>The model's version.</summary>
    public required string Version { get; init; }

    /// <summary>Where it came from, for example <c>hf:owner/name@revision</c> or a folder.</summary>
    public required string Source { get; init; }

    /// <summary>When it came into the store.</summary>
    public required DateTimeOffset ImportedAt { get; init; }

    /// <summary>Every file but this one, by name.</summary>
    public required IReadOnlyList<ModelFile> Files { get; init; }

    /// <summary>The bytes of all files.</summary>
    [JsonIgnore]
    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>The SHA-256 over the files' names and checksums: equal contents have equal hashes, whatever their id.</summary>
    [JsonIgnore]
    public string ContentHash => HashOf(Files);

    internal static ModelManifest Of(string id, string version, string source, DateTimeOffset importedAt, IReadOnlyList<ModelFile> files) => new()
    {
        Format = CurrentFormat,
        Id = id,
        Version = version,
        Source = source,
        ImportedAt = importedAt,
        Files = files,
    };

    internal static string HashOf(IReadOnlyList<ModelFile> files) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Concat(files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => $"{file.Sha256}  {file.Name}\n")))));

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>Reads a folder's manifest; null if it has none.</summary>
    /// <exception cref="ModelStoreException">It is damaged.</exception>
    public static ModelManifest? Find(string directory)
    {
        string path = Path.Combine(directory, FileName);
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            long length = new FileInfo(path).Length;
            ModelManifest? manifest = length <= MaxBytes ? JsonSerializer.Deserialize<ModelManifest>(File.ReadAllBytes(path), Json) : null;
            return manifest is { Format: CurrentFormat } && manifest.Files.Count <= MaxFiles && manifest.Files.All(file => file is not null && ModelFiles.IsPlainName(file.Name))
                ? manifest
                : throw Unsound(path, $"it has {length} bytes (limit {MaxBytes}), format {manifest?.Format} (this build reads {CurrentFormat}), more than {MaxFiles} files, or a name with a path in it");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Unsound(path, e.Message.TrimEnd('.'), e);
        }
    }

    private static ModelStoreException Unsound(string path, string fault, Exception? inner = null) =>
        new(path, $"'{path}' is no sound manifest: {fault}. Import the model again.", inner);
}

/// <summary>One file of a model.</summary>
/// <param name="Name">Its plain name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its checksum, 64 hexadecimal digits in small letters.</param>
public sealed record ModelFile(string Name, long Bytes, string Sha256);
