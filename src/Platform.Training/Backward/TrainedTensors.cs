using Platform.Encoders.Llama;
using Platform.Training.Optimisation;
using Platform.Training.Recipes;
using static TorchSharp.torch;

namespace Platform.Training.Backward;

/// <summary>Which tensors of a model training changes: all of them, or low-rank additions. Sets what asks for gradients.</summary>
internal static class TrainedTensors
{
    /// <summary>All weights; of an untied head only if it is not frozen.</summary>
    public static IReadOnlyList<TrainedTensor> OfWhole(LlamaModel model, bool freezeHead)
    {
        List<TrainedTensor> trained = [new("embedding", model.Weights.Embedding)];
        for (int i = 0; i < model.Weights.Layers.Count; i++)
        {
            LlamaLayer layer = model.Weights.Layers[i];
            trained.Add(new($"layers.{i}.attention_norm", layer.AttentionNorm));
            trained.Add(new($"layers.{i}.qkv", layer.QueryKeyValue.Weight));
            trained.Add(new($"layers.{i}.output", layer.Output.Weight));
            trained.Add(new($"layers.{i}.feed_forward_norm", layer.FeedForwardNorm));
            trained.Add(new($"layers.{i}.gate_up", layer.GateUp.Weight));
            trained.Add(new($"layers.{i}.down", layer.Down.Weight));
        }

        trained.Add(new("norm", model.Weights.FinalNorm));
        if (!freezeHead && !model.Config.TiedHead)
        {
            trained.Add(new("head", model.Weights.Head));
        }

        foreach (TrainedTensor tensor in trained)
        {
            _ = tensor.Value.requires_grad_();
        }

        return trained;
    }

    /// <summary>Attaches new adapters to every layer; the weights under them stay as they are. Hu et al. 2021, arXiv:2106.09685.</summary>
    /// <param name="model">Owns the adapters from now on.</param>
    /// <param name="lora">Rank, scale and places.</param>
    /// <param name="dropout">Of the adapters' inputs; null for none.</param>
    /// <param name="seed">Draws A uniformly from ±1/sqrt(in), as PEFT does; B is 0, so that nothing changes at first.</param>
    public static IReadOnlyList<TrainedTensor> OfAdapters(LlamaModel model, LoraRecipe lora, SeededDropout? dropout, long seed)
    {
        using IDisposable noGrad = no_grad();
        using var generator = new Generator((ulong)seed, model.Weights.Device);
        List<TrainedTensor> trained = [];
        for (int i = 0; i < model.Weights.Layers.Count; i++)
        {
            LlamaLayer layer = model.Weights.Layers[i];
            foreach (Projection projection in new[] { layer.QueryKeyValue, layer.Output, layer.GateUp, layer.Down })
            {
                foreach (ProjectionPart part in projection.Parts.Where(part => lora.Targets.Contains(part.Name)))
                {
                    long width = projection.Weight.shape[1];
                    double bound = 1 / Math.Sqrt(width);
                    Tensor down = empty([lora.Rank, width], dtype: projection.Weight.dtype, device: projection.Weight.device);
                    down = down.uniform_(-bound, bound, generator).DetachFromDisposeScope();
                    Tensor up = zeros([part.Rows, lora.Rank], dtype: projection.Weight.dtype, device: projection.Weight.device).DetachFromDisposeScope();
                    projection.Attach(part.Name, down, up, lora.Alpha / lora.Rank);
                    projection.AdapterInput = dropout is null ? null : dropout.Apply;
                    trained.Add(new($"layers.{i}.{part.Name}.lora_A", down.requires_grad_()));
                    trained.Add(new($"layers.{i}.{part.Name}.lora_B", up.requires_grad_()));
                }
            }
        }

        return trained;
    }
}
