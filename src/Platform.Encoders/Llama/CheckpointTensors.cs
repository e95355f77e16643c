using Platform.Encoders.Weights;
using static TorchSharp.torch;

namespace Platform.Encoders.Llama;

/// <summary>Makes tensors of a checkpoint's entries: mapped where type and alignment allow it, else read and converted.</summary>
internal static class CheckpointTensors
{
    /// <summary>Loads the weights of a model.</summary>
    /// <exception cref="CheckpointException">Tensors are missing or have other shapes; all are listed.</exception>
    public static LlamaWeights Load(Checkpoint checkpoint, LlamaConfig config, ScalarType type, Device device)
    {
        var faults = new List<string>();
        IReadOnlyDictionary<string, long[]> shapes = config.TensorShapes();
        foreach ((string name, long[] shape) in shapes)
        {
            if (!checkpoint.Tensors.TryGetValue(name, out TensorEntry? entry))
            {
                faults.Add($"{name} is missing");
            }
            else if (!entry.Shape.AsSpan().SequenceEqual(shape))
            {
                faults.Add($"{name} is {entry.ShapeText}; the configuration says [{string.Join(", ", shape)}]");
            }
        }

        faults.AddRange(checkpoint.Tensors.Keys.Where(name => !shapes.ContainsKey(name) && !IsDerived(name, config)).Order(StringComparer.Ordinal)
            .Select(name => $"{name} is not of this model"));
        if (faults.Count > 0)
        {
            throw CheckpointException.OfMany(checkpoint.Directory, "does not fit its configuration", faults, "Use config.json and weights of one model.");
        }

        return LlamaWeights.Build(config, (name, _) => Open(checkpoint.Tensors[name], type, device));
    }

    /// <summary>Makes a tensor of one entry.</summary>
    public static Tensor Open(TensorEntry entry, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        ScalarType stored = entry.ElementType switch
        {
            ElementType.F32 => ScalarType.Float32,
            ElementType.F16 => ScalarType.Float16,
            _ => ScalarType.BFloat16,
        };
        long[] shape = [.. entry.Shape];
        int size = entry.ElementType.SizeOf();
        Tensor tensor;
        if (entry.FileOffset % size == 0)
        {
            long elements = (entry.FileOffset + entry.ByteLength) / size;
            tensor = from_file(entry.FilePath, shared: false, elements, stored, null!, false).narrow(0, entry.FileOffset / size, entry.ElementCount).view(shape);
        }
        else
        {
            tensor = empty(shape, dtype: stored);
            entry.Read(tensor.bytes);
        }

        return tensor.to(type).to(device).MoveToOuterDisposeScope();
    }

    // a tied head is sometimes stored once more, and old converters stored RoPE's frequencies
    private static bool IsDerived(string name, LlamaConfig config) =>
        (config.TiedHead && name == LlamaNames.Head) || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);
}
