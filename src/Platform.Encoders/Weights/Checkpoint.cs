namespace Platform.Encoders.Weights;

/// <summary>The weights of a model folder in Hugging Face layout: which tensors there are and where their bytes lie.</summary>
/// <remarks>
/// <c>model.safetensors</c>, or the shards that <c>model.safetensors.index.json</c> names. Only headers are read. No file outside the folder
/// is opened, links that lie in it apart.
/// </remarks>
public sealed class Checkpoint
{
    /// <summary>The weights where they are one file.</summary>
    public const string SingleFile = "model.safetensors";

    /// <summary>The list of shards where they are several.</summary>
    public const string IndexFile = "model.safetensors.index.json";

    private Checkpoint(string directory, IReadOnlyList<SafetensorsFile> files, IReadOnlyDictionary<string, TensorEntry> tensors)
    {
        Directory = directory;
        Files = [.. files.Select(file => file.Path)];
        Tensors = tensors;
    }

    /// <summary>The model's folder, as a full path.</summary>
    public string Directory { get; }

    /// <summary>The weight files, as full paths.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Opens the weights of a folder.</summary>
    /// <exception cref="CheckpointException">They are missing, damaged or hostile.</exception>
    public static Checkpoint Open(string directory)
    {
        directory = Path.GetFullPath(directory);
        string single = Path.Combine(directory, SingleFile);
        string index = Path.Combine(directory, IndexFile);
        return (File.Exists(single), File.Exists(index)) switch
        {
            (true, false) => OfSingle(directory, SafetensorsFile.Open(single)),
            (false, true) => OfShards(directory, index),
            (true, true) => throw CheckpointException.Of(directory, $"holds both {SingleFile} and {IndexFile}", "Remove the one that is not meant."),
            (false, false) => throw CheckpointException.Of(
                directory,
                $"holds neither {SingleFile} nor {IndexFile}",
                "Name a model folder in Hugging Face layout; weights in other formats (.bin, .pth, .gguf) must be converted to safetensors."),
        };
    }

    private static Checkpoint OfShards(string directory, string index)
    {
        (IReadOnlyList<SafetensorsFile> files, IReadOnlyDictionary<string, TensorEntry> tensors) = CheckpointShards.Open(index);
        return new Checkpoint(directory, files, tensors);
    }

    private static Checkpoint OfSingle(string directory, SafetensorsFile file) =>
        new(directory, [file], file.Tensors.ToDictionary(tensor => tensor.Name));
}
