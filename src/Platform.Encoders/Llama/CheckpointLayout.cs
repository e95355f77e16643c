using Platform.Encoders.Weights;

namespace Platform.Encoders.Llama;

/// <summary>Holds the tensors of a model's folder to its configuration, and its adapter to both, without reading their bytes.</summary>
internal static class CheckpointLayout
{
    /// <summary>Checks names and shapes.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="config">What they must be.</param>
    /// <param name="adapter">A LoRA adapter of them; null for none.</param>
    /// <returns>What the adapter changes, by name of the changed tensor; empty without one.</returns>
    /// <exception cref="CheckpointException">Tensors are missing, extra or of other shapes; all of the model, else all of the adapter, are told.</exception>
    public static IReadOnlyDictionary<string, LoraUpdate> Check(Checkpoint checkpoint, LlamaConfig config, LoraAdapter? adapter)
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
            .Select(name => $"{ModelFileException.Quote(name)} is not of this model"));
        if (faults.Count > 0)
        {
            throw CheckpointException.OfMany(checkpoint.Directory, "does not fit its configuration", faults, "Use config.json and weights of one model.");
        }

        return adapter is null
            ? new Dictionary<string, LoraUpdate>()
            : LoraPlan.Create(adapter, checkpoint.Tensors.Where(tensor => shapes.ContainsKey(tensor.Key)).ToDictionary());
    }

    // a tied head is sometimes stored once more, and old converters stored RoPE's frequencies
    private static bool IsDerived(string name, LlamaConfig config) =>
        (config.TiedHead && name == LlamaNames.Head) || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);
}
