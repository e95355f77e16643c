using Platform.Encoders.Llama;
using Platform.Encoders.Weights;
using static TorchSharp.torch;

namespace Platform.Training.Starts;

/// <summary>Writes a model's weights under Hugging Face's names, adapters merged.</summary>
internal static class ModelWriter
{
    /// <summary>Writes <c>model.safetensors</c>.</summary>
    /// <param name="folder">Exists.</param>
    /// <param name="model">Is only read.</param>
    /// <param name="type">Of the stored numbers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task WriteAsync(string folder, LlamaModel model, ElementType type, CancellationToken cancellationToken) =>
        SafetensorsWriter.WriteAsync(
            Path.Combine(folder, Checkpoint.SingleFile),
            [.. Named(model).Select(named => Content(named.Name, named.Take, model.Config.TensorShapes()[named.Name], type))],
            new Dictionary<string, string> { ["format"] = "pt" },
            cancellationToken);

    /// <summary>A tensor's content in a type, computed when its turn comes.</summary>
    public static TensorContent Content(string name, Func<Tensor> take, long[] shape, ElementType type) => new()
    {
        Name = name,
        ElementType = type,
        Shape = [.. shape],
        WriteAsync = async (stream, cancellationToken) =>
        {
            byte[] bytes = BytesOf(take, type);
            await stream.WriteAsync(bytes, cancellationToken);
        },
    };

    private static byte[] BytesOf(Func<Tensor> take, ElementType type)
    {
        using IDisposable noGrad = no_grad();
        using var scope = NewDisposeScope();
        ScalarType scalar = type switch
        {
            ElementType.F32 => ScalarType.Float32,
            ElementType.F16 => ScalarType.Float16,
            _ => ScalarType.BFloat16,
        };
        return take().detach().to(scalar).cpu().contiguous().bytes.ToArray();
    }

    private static IEnumerable<(string Name, Func<Tensor> Take)> Named(LlamaModel model)
    {
        yield return (LlamaNames.Embedding, () => model.Weights.Embedding.alias());
        yield return (LlamaNames.FinalNorm, () => model.Weights.FinalNorm.alias());
        if (!model.Config.TiedHead)
        {
            yield return (LlamaNames.Head, () => model.Weights.Head.alias());
        }

        for (int i = 0; i < model.Weights.Layers.Count; i++)
        {
            LlamaLayer layer = model.Weights.Layers[i];
            yield return (LlamaNames.Norm(i, "input_layernorm"), () => layer.AttentionNorm.alias());
            yield return (LlamaNames.Norm(i, "post_attention_layernorm"), () => layer.FeedForwardNorm.alias());
            foreach (Projection projection in new[] { layer.QueryKeyValue, layer.Output, layer.GateUp, layer.Down })
            {
                foreach (ProjectionPart part in projection.Parts)
                {
                    yield return (LlamaNames.Weight(i, part.Name), () => Merged(projection, part));
                }
            }
        }
    }

    private static Tensor Merged(Projection projection, ProjectionPart part)
    {
        Tensor rows = projection.Weight.narrow(0, part.FirstRow, part.Rows);
        foreach (LoraPart adapter in projection.Adapters.Where(adapter => adapter.Part == part))
        {
            rows = rows + (adapter.Up.matmul(adapter.Down) * adapter.Scale);
        }

        return rows;
    }
}
