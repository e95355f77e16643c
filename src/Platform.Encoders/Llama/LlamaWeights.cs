using static TorchSharp.torch;

namespace Platform.Encoders.Llama;

/// <summary>The tensors of one model, in one type on one device. Owns them.</summary>
internal sealed class LlamaWeights : IDisposable
{
    /// <summary>[vocabulary, hidden]</summary>
    public required Tensor Embedding { get; init; }

    public required IReadOnlyList<LlamaLayer> Layers { get; init; }

    /// <summary>[hidden]</summary>
    public required Tensor FinalNorm { get; init; }

    /// <summary>[vocabulary, hidden]; <see cref="Embedding"/> itself where the head is tied.</summary>
    public required Tensor Head { get; init; }

    public ScalarType Type => Embedding.dtype;

    public Device Device => Embedding.device;

    /// <summary>Weights of the right shapes, normally distributed: for measurements and as the start of training.</summary>
    public static LlamaWeights Random(LlamaConfig config, ScalarType type, Device device, long seed, double deviation = 0.02)
    {
        using var generator = new Generator((ulong)seed, device);
        return Build(config, (name, shape) => name.Contains("norm", StringComparison.Ordinal)
            ? ones(shape, dtype: type, device: device)
            : empty(shape, dtype: type, device: device).normal_(0, deviation, generator));
    }

    /// <summary>Puts a model together from tensors by Hugging Face's names; matrices that share their input become one.</summary>
    /// <param name="take">Gives a tensor of a name and shape, outside any scope; the weights own it.</param>
    /// <param name="config">The shapes.</param>
    public static LlamaWeights Build(LlamaConfig config, Func<string, long[], Tensor> take)
    {
        IReadOnlyDictionary<string, long[]> shapes = config.TensorShapes();
        Tensor Named(string name) => take(name, shapes[name]).DetachFromDisposeScope();
        Projection Fused(int layer, params string[] names)
        {
            using var scope = NewDisposeScope();
            Tensor[] matrices = [.. names.Select(name => take(LlamaNames.Weight(layer, name), shapes[LlamaNames.Weight(layer, name)]))];
            long row = 0;
            var parts = new List<ProjectionPart>();
            for (int i = 0; i < names.Length; i++)
            {
                parts.Add(new ProjectionPart(names[i], row, matrices[i].shape[0]));
                row += matrices[i].shape[0];
            }

            Tensor whole = matrices.Length == 1 ? matrices[0] : cat(matrices, 0);
            return new Projection(whole.DetachFromDisposeScope(), parts);
        }

        Tensor embedding = Named(LlamaNames.Embedding);
        return new LlamaWeights
        {
            Embedding = embedding,
            Layers = [.. Enumerable.Range(0, config.Layers).Select(layer => new LlamaLayer(
                Named(LlamaNames.Norm(layer, "input_layernorm")),
                Fused(layer, "q_proj", "k_proj", "v_proj"),
                Fused(layer, "o_proj"),
                Named(LlamaNames.Norm(layer, "post_attention_layernorm")),
                Fused(layer, "gate_proj", "up_proj"),
                Fused(layer, "down_proj")))],
            FinalNorm = Named(LlamaNames.FinalNorm),
            Head = config.TiedHead ? embedding : Named(LlamaNames.Head),
        };
    }

    public void Dispose()
    {
        Embedding.Dispose();
        Head.Dispose();
        FinalNorm.Dispose();
        foreach (LlamaLayer layer in Layers)
        {
            layer.Dispose();
        }
    }
}

/// <summary>One layer: attention, then SwiGLU, each behind a norm.</summary>
internal sealed record LlamaLayer(
    Tensor AttentionNorm, Projection QueryKeyValue, Projection Output, Tensor FeedForwardNorm, Projection GateUp, Projection Down) : IDisposable
{
    public void Dispose()
    {
        AttentionNorm.Dispose();
        QueryKeyValue.Dispose();
        Output.Dispose();
        FeedForwardNorm.Dispose();
        GateUp.Dispose();
        Down.Dispose();
    }
}
