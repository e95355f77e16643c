namespace Platform.Encoders.Weights;

/// <summary>Which matrices an adapter changes, and by which factors.</summary>
/// <remarks>Every tensor of the adapter has its place, and every target of the base has its pair; else the plan is refused as a whole.</remarks>
public static class LoraPlan
{
    private const string Wrapper = "base_model.model.";
    private const string BarePrefix = "model.";
    private const string WeightSuffix = ".weight";
    private const string HeadModule = "lm_head";
    private const string EmbeddingModule = "embed_tokens";

    private static readonly string[] SuffixesOfA = [".lora_A.weight", ".lora_A.default.weight"];
    private static readonly string[] SuffixesOfB = [".lora_B.weight", ".lora_B.default.weight"];

    /// <summary>Fits an adapter to a base.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="baseTensors">The base's tensors by name, as <see cref="Checkpoint.Tensors"/>.</param>
    /// <returns>The updates by name of the base's tensor.</returns>
    /// <exception cref="CheckpointException">Tensors are missing, extra or of another shape; all are told.</exception>
    public static IReadOnlyDictionary<string, LoraUpdate> Create(LoraAdapter adapter, IReadOnlyDictionary<string, TensorEntry> baseTensors)
    {
        List<string> faults = [];
        Dictionary<string, TensorEntry> downs = [];
        Dictionary<string, TensorEntry> ups = [];
        foreach (TensorEntry tensor in adapter.Tensors.Values.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            bool isDown = ModuleOf(tensor.Name, SuffixesOfA) is not null;
            string? module = ModuleOf(tensor.Name, isDown ? SuffixesOfA : SuffixesOfB);
            string? place = module is null ? null : PlaceOf(module, baseTensors);
            if (place is null || !IsTarget(place, adapter.Settings.Targets))
            {
                faults.Add($"{ModelFileException.Quote(tensor.Name)} has no place: {(module is null ? "it is neither a lora_A nor a lora_B" : place is null ? "the base has no such module" : "the configuration does not target it")}");
            }
            else if (!(isDown ? downs : ups).TryAdd(place, tensor))
            {
                faults.Add($"{ModelFileException.Quote(tensor.Name)} is there a second time under another name");
            }
        }

        Dictionary<string, LoraUpdate> updates = [];
        foreach (TensorEntry target in baseTensors.Values.Where(tensor => IsTarget(tensor.Name, adapter.Settings.Targets)).OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            if (target.Shape.Length != 2)
            {
                faults.Add($"{ModelFileException.Quote(target.Name)} is {target.ShapeText}, not a matrix, so the adapter can't target it");
                continue;
            }

            TensorEntry? down = downs.GetValueOrDefault(target.Name);
            TensorEntry? up = ups.GetValueOrDefault(target.Name);
            CheckShape("lora_A", target, down, [adapter.Settings.Rank, target.Shape[1]], faults);
            CheckShape("lora_B", target, up, [target.Shape[0], adapter.Settings.Rank], faults);
            if (down is not null && up is not null)
            {
                updates.Add(target.Name, new LoraUpdate(target, down, up, adapter.Settings.Scale));
            }
        }

        if (updates.Count == 0 && faults.Count == 0)
        {
            faults.Add($"the base has no module that ends in one of {string.Join(", ", adapter.Settings.Targets)}");
        }

        return faults.Count == 0
            ? updates
            : throw CheckpointException.OfMany(adapter.Directory, "holds an adapter that does not fit the base", faults, "Use the base that the adapter was trained on.");
    }

    private static void CheckShape(string kind, TensorEntry target, TensorEntry? found, long[] due, List<string> faults)
    {
        if (found is null)
        {
            faults.Add($"{kind} of {ModelFileException.Quote(target.Name)} is missing");
        }
        else if (!found.Shape.SequenceEqual(due))
        {
            faults.Add($"{ModelFileException.Quote(found.Name)} has shape {found.ShapeText}; [{due[0]}, {due[1]}] was due");
        }
    }

    private static string? ModuleOf(string name, string[] suffixes)
    {
        string? suffix = Array.Find(suffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal));
        return suffix is not null && name.StartsWith(Wrapper, StringComparison.Ordinal) && name.Length > Wrapper.Length + suffix.Length
            ? name[Wrapper.Length..^suffix.Length]
            : null;
    }

    /// <summary>An adapter trained on the bare model lacks <c>model.</c> in its names.</summary>
    private static string? PlaceOf(string module, IReadOnlyDictionary<string, TensorEntry> baseTensors) =>
        baseTensors.ContainsKey(module + WeightSuffix) ? module + WeightSuffix
        : baseTensors.ContainsKey(BarePrefix + module + WeightSuffix) ? BarePrefix + module + WeightSuffix
        : null;

    private static bool IsTarget(string tensor, IReadOnlyList<string> targets)
    {
        if (!tensor.EndsWith(WeightSuffix, StringComparison.Ordinal))
        {
            return false;
        }

        string module = tensor[..^WeightSuffix.Length];
        return targets is [LoraAdapter.AllLinear]
            ? module != HeadModule && !module.EndsWith(EmbeddingModule, StringComparison.Ordinal) && !module.EndsWith("norm", StringComparison.Ordinal)
            : targets.Any(target => module == target || module.EndsWith($".{target}", StringComparison.Ordinal));
    }
}

/// <summary>One matrix's change: Base + Scale * Up Down.</summary>
/// <param name="Base">The base's matrix W, [out, in].</param>
/// <param name="Down">A, [rank, in].</param>
/// <param name="Up">B, [out, rank].</param>
/// <param name="Scale">Of the product.</param>
public sealed record LoraUpdate(TensorEntry Base, TensorEntry Down, TensorEntry Up, double Scale);
