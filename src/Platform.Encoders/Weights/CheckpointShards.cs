using System.Text.Json;

namespace Platform.Encoders.Weights;

/// <summary>Reads <c>model.safetensors.index.json</c> and the shards it names, and holds them to each other.</summary>
internal static class CheckpointShards
{
    private const int MaxIndexBytes = 64 << 20;
    private const int MaxShards = 1000;
    private const string FetchAgain = "Fetch the model again.";

    /// <summary>Opens every shard.</summary>
    /// <exception cref="CheckpointException">The index is unsound, or index and shards differ; then every difference is told.</exception>
    public static (IReadOnlyList<SafetensorsFile> Files, IReadOnlyDictionary<string, TensorEntry> Tensors) Open(string indexPath)
    {
        Dictionary<string, string> shardOf = ReadIndex(indexPath);
        string directory = Path.GetDirectoryName(indexPath)!;
        string[] names = [.. shardOf.Values.Distinct().Order(StringComparer.Ordinal)];
        if (names.Length > MaxShards)
        {
            throw CheckpointException.Of(indexPath, $"names {names.Length} shards; the limit is {MaxShards}", FetchAgain);
        }

        string[] absent = [.. names.Where(name => !File.Exists(Path.Combine(directory, name)))];
        if (absent.Length > 0)
        {
            throw CheckpointException.OfMany(indexPath, "names shards that are not here", [.. absent.Select(ModelFileException.Quote)], FetchAgain);
        }

        SafetensorsFile[] files = [.. names.Select(name => SafetensorsFile.Open(Path.Combine(directory, name)))];
        Dictionary<string, TensorEntry> tensors = [];
        List<string> faults = [];
        foreach (TensorEntry tensor in files.SelectMany(file => file.Tensors))
        {
            string shard = Path.GetFileName(tensor.FilePath);
            if (!shardOf.TryGetValue(tensor.Name, out string? due))
            {
                faults.Add($"{ModelFileException.Quote(tensor.Name)} lies in {ModelFileException.Quote(shard)} but not in the index");
            }
            else if (due != shard || !tensors.TryAdd(tensor.Name, tensor))
            {
                faults.Add($"{ModelFileException.Quote(tensor.Name)} lies in {ModelFileException.Quote(shard)}; the index says {ModelFileException.Quote(due)}");
            }
        }

        faults.AddRange(shardOf.Where(pair => !tensors.ContainsKey(pair.Key))
            .Select(pair => $"{ModelFileException.Quote(pair.Key)} is missing from {ModelFileException.Quote(pair.Value)}"));
        return faults.Count == 0 ? (files, tensors) : throw CheckpointException.OfMany(indexPath, "and its shards differ", faults, FetchAgain);
    }

    private static Dictionary<string, string> ReadIndex(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            if (length > MaxIndexBytes)
            {
                throw CheckpointException.Of(path, $"has {length} bytes; the limit is {MaxIndexBytes}", FetchAgain);
            }

            using JsonDocument document = JsonDocument.Parse(
                File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("weight_map", out JsonElement map)
                || map.ValueKind != JsonValueKind.Object)
            {
                throw CheckpointException.Of(path, "has no object weight_map", FetchAgain);
            }

            return map.EnumerateObject().ToDictionary(pair => pair.Name, pair => ShardName(path, pair));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw CheckpointException.Of(path, $"can't be read: {e.Message.TrimEnd('.')}", FetchAgain, e);
        }
    }

    private static string ShardName(string path, JsonProperty pair)
    {
        string? name = pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString() : null;
        bool isPlain = name is { Length: > 0 and <= 255 } && name == Path.GetFileName(name) && !name.Contains('\\', StringComparison.Ordinal)
            && !name.StartsWith('.') && !name.Any(char.IsControl) && name.EndsWith(".safetensors", StringComparison.Ordinal);
        return isPlain
            ? name!
            : throw CheckpointException.OfTensor(path, pair.Name, $"its shard is {ModelFileException.Quote(name ?? pair.Value.ValueKind.ToString())}; it must be the plain name of a .safetensors file", FetchAgain);
    }
}
