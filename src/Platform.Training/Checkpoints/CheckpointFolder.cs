using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Platform.Encoders.Weights;
using Platform.Training.Optimisation;
using Platform.Training.Starts;
using static TorchSharp.torch;

namespace Platform.Training.Checkpoints;

/// <summary>The checkpoints of a run: folders <c>step-N</c>, each with <c>tensors.safetensors</c> and <c>state.json</c>, whole or not there.</summary>
/// <remarks>A checkpoint is written under another name, flushed and renamed. Its state holds the checksum of its tensors.</remarks>
/// <param name="directory">The run's folder.</param>
/// <param name="keep">How many of the last ones stay.</param>
internal sealed class CheckpointFolder(string directory, int keep)
{
    public const int Format = 1;

    private const string Prefix = "step-";
    private const string TensorsFile = "tensors.safetensors";
    private const string StateFile = "state.json";
    private const string BestFile = "best.safetensors";
    private const int MaxStateBytes = 1 << 20;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n" };

    /// <summary>The run's folder, as a full path.</summary>
    public string Directory { get; } = Path.GetFullPath(directory);

    /// <summary>Saves a checkpoint and drops old ones.</summary>
    public async Task SaveAsync(TrainingState state, IReadOnlyList<TrainedTensor> trained, AdamW optimiser, CancellationToken cancellationToken)
    {
        string target = Path.Combine(Directory, Prefix + state.Step.ToString("D9", CultureInfo.InvariantCulture));
        if (System.IO.Directory.Exists(target))
        {
            return;                                            // the same step of the same run has the same content
        }

        string staging = Path.Combine(Directory, $".saving-{Guid.NewGuid():N}");
        System.IO.Directory.CreateDirectory(staging);
        string tensors = Path.Combine(staging, TensorsFile);
        List<TensorContent> contents = [.. trained.Select(tensor => Content(tensor.Name, tensor.Value))];
        contents.AddRange(trained.Zip(optimiser.FirstMoments, (tensor, moment) => Content($"{tensor.Name}.m", moment)));
        contents.AddRange(trained.Zip(optimiser.SecondMoments, (tensor, moment) => Content($"{tensor.Name}.v", moment)));
        await SafetensorsWriter.WriteAsync(tensors, contents, metadata: null, cancellationToken);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(state with { TensorsSha256 = await HashAsync(tensors, cancellationToken) }, Json);
        await DurableFile.WriteAsync(Path.Combine(staging, StateFile), json, cancellationToken);
        System.IO.Directory.Move(staging, target);
        DirectoryFlush.Flush(Directory);
        foreach (string old in Steps().SkipLast(keep))
        {
            System.IO.Directory.Delete(old, recursive: true);
        }
    }

    /// <summary>Restores the newest sound checkpoint into tensors and moments; null if there is none.</summary>
    /// <param name="trained">Their values are overwritten.</param>
    /// <param name="optimiser">Its moments are overwritten.</param>
    /// <param name="damaged">Told of each checkpoint that was passed over, with the reason.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TrainingState?> RestoreAsync(IReadOnlyList<TrainedTensor> trained, AdamW optimiser, Action<string> damaged, CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(Directory);
        foreach (string folder in Steps().Reverse())
        {
            try
            {
                TrainingState state = ReadState(Path.Combine(folder, StateFile));
                string tensors = Path.Combine(folder, TensorsFile);
                string hash = await HashAsync(tensors, cancellationToken);
                if (hash != state.TensorsSha256)
                {
                    damaged($"'{tensors}' has SHA-256 {hash}; its state says {state.TensorsSha256}");
                    continue;
                }

                Dictionary<string, TensorEntry> entries = SafetensorsFile.Open(tensors).Tensors.ToDictionary(entry => entry.Name);
                for (int i = 0; i < trained.Count; i++)
                {
                    Load(entries, trained[i].Name, trained[i].Value, tensors);
                    Load(entries, $"{trained[i].Name}.m", optimiser.FirstMoments[i], tensors);
                    Load(entries, $"{trained[i].Name}.v", optimiser.SecondMoments[i], tensors);
                }

                return state;
            }
            catch (Exception e) when (e is CheckpointException or JsonException or IOException)
            {
                damaged($"'{folder}': {e.Message}");
            }
        }

        return null;
    }

    /// <summary>Keeps the trained tensors as the best so far.</summary>
    public Task SaveBestAsync(IReadOnlyList<TrainedTensor> trained, CancellationToken cancellationToken) =>
        SafetensorsWriter.WriteAsync(Path.Combine(Directory, BestFile), [.. trained.Select(tensor => Content(tensor.Name, tensor.Value))], metadata: null, cancellationToken);

    /// <summary>Loads the best tensors.</summary>
    /// <exception cref="CheckpointException">They are missing or damaged.</exception>
    public void LoadBest(IReadOnlyList<TrainedTensor> trained)
    {
        string path = Path.Combine(Directory, BestFile);
        Dictionary<string, TensorEntry> entries = SafetensorsFile.Open(path).Tensors.ToDictionary(entry => entry.Name);
        foreach (TrainedTensor tensor in trained)
        {
            Load(entries, tensor.Name, tensor.Value, path);
        }
    }

    private IEnumerable<string> Steps() => System.IO.Directory.Exists(Directory)
        ? System.IO.Directory.EnumerateDirectories(Directory, Prefix + "*").Order(StringComparer.Ordinal)
        : [];

    private static TensorContent Content(string name, Tensor value) => ModelWriter.Content(name, value.alias, value.shape, ElementType.F32);

    private static void Load(Dictionary<string, TensorEntry> entries, string name, Tensor target, string path)
    {
        if (!entries.TryGetValue(name, out TensorEntry? entry) || !entry.Shape.AsSpan().SequenceEqual(target.shape) || entry.ElementType != ElementType.F32)
        {
            throw CheckpointException.OfTensor(path, name, "is missing or of another shape", "Resume with the recipe that the checkpoint was made with, or name another folder.");
        }

        using IDisposable noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor values = empty(target.shape, dtype: ScalarType.Float32);
        entry.Read(values.bytes);
        target.copy_(values);
    }

    private static TrainingState ReadState(string path)
    {
        long length = new FileInfo(path).Length;
        TrainingState? state = length <= MaxStateBytes ? JsonSerializer.Deserialize<TrainingState>(File.ReadAllBytes(path), Json) : null;
        return state is { Format: Format } ? state : throw new JsonException($"'{path}' has {length} bytes and format {state?.Format}; this build reads format {Format} of at most {MaxStateBytes} bytes");
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }
}
