using Platform.Encoders.Weights;
using static TorchSharp.torch;

namespace Platform.Encoders.Llama;

/// <summary>Makes tensors of a checkpoint's entries: mapped where type and alignment allow it, else read and converted.</summary>
internal static class CheckpointTensors
{
    /// <summary>Loads the weights of a model, with its LoRA adapter merged into them.</summary>
    /// <exception cref="CheckpointException">Tensors of model or adapter are missing, extra or have other shapes; all are listed.</exception>
    public static LlamaWeights Load(Checkpoint checkpoint, LlamaConfig config, ScalarType type, Device device, LoraAdapter? adapter = null)
    {
        IReadOnlyDictionary<string, LoraUpdate> updates = CheckpointLayout.Check(checkpoint, config, adapter);
        return LlamaWeights.Build(config, (name, _) => updates.TryGetValue(name, out LoraUpdate? update)
            ? Merge(update, type, device)
            : Open(checkpoint.Tensors[name], type, device));
    }

    /// <summary>W + scale B A, in float32 whatever the types stored. Hu et al. 2021, arXiv:2106.09685.</summary>
    private static Tensor Merge(LoraUpdate update, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor up = Open(update.Up, ScalarType.Float32, CPU);                       // [out, r]
        Tensor down = Open(update.Down, ScalarType.Float32, CPU);                   // [r, in]
        Tensor merged = Open(update.Base, ScalarType.Float32, CPU).add(up.matmul(down), update.Scale);      // [out, in]
        return merged.to(type).to(device).MoveToOuterDisposeScope();
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
}
