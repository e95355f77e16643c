using Platform.Encoders.Llama;
using static TorchSharp.torch;

namespace Platform.Training.Backward;

/// <summary>One way of a batch through the transformer that can be gone back.</summary>
/// <remarks>
/// Either autograd keeps every activation, or only the input of each layer is kept and the layer is computed once more on the way back
/// (activation checkpointing; Chen et al. 2016, arXiv:1604.06174). Without dropout both give the same gradients, bit for bit.
/// </remarks>
internal sealed class TrunkPass : IDisposable
{
    private readonly LlamaModel _model;
    private readonly TokenBatch _batch;
    private readonly List<Tensor>? _inputs;                    // of each layer and of the final norm; null where autograd keeps all

    private readonly SeededDropout? _dropout;
    private readonly long _dropoutSeed;

    private TrunkPass(LlamaModel model, TokenBatch batch, Tensor hidden, List<Tensor>? inputs, SeededDropout? dropout, long dropoutSeed)
    {
        _model = model;
        _batch = batch;
        Hidden = hidden;
        _inputs = inputs;
        _dropout = dropout;
        _dropoutSeed = dropoutSeed;
    }

    /// <summary>[T, h], the states after the final norm.</summary>
    public Tensor Hidden { get; }

    /// <summary>Goes forward. The batch must live as long as the pass.</summary>
    /// <remarks>Dropout, where the model has it, draws from the seed: the same pass once more drops the same.</remarks>
    public static TrunkPass Forward(LlamaModel model, TokenBatch batch, bool layerwise, SeededDropout? dropout, long dropoutSeed, CancellationToken cancellationToken)
    {
        dropout?.Seed(dropoutSeed);
        if (!layerwise)
        {
            return new TrunkPass(model, batch, model.Forward(batch, cancellationToken).DetachFromDisposeScope(), inputs: null, dropout, dropoutSeed);
        }

        using IDisposable noGrad = no_grad();
        List<Tensor> inputs = [model.Embed(batch).DetachFromDisposeScope()];
        foreach (LlamaLayer layer in model.Weights.Layers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            dropout?.Seed(dropoutSeed + inputs.Count);
            inputs.Add(model.Through(layer, inputs[^1], batch, mask: null).DetachFromDisposeScope());
        }

        return new TrunkPass(model, batch, model.Finish(inputs[^1]).DetachFromDisposeScope(), inputs, dropout, dropoutSeed);
    }

    /// <summary>Adds to the gradient of every trained tensor what a gradient of the hidden states means for it.</summary>
    /// <param name="gradient">[T, h]</param>
    public void Backward(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        if (_inputs is null)
        {
            Back(Hidden, gradient);
            return;
        }

        Tensor upstream = Again(_inputs[^1], _model.Finish, gradient);
        for (int layer = _model.Weights.Layers.Count - 1; layer >= 0; layer--)
        {
            LlamaLayer current = _model.Weights.Layers[layer];
            _dropout?.Seed(_dropoutSeed + layer + 1);
            upstream = Again(_inputs[layer], x => _model.Through(current, x, _batch, mask: null), upstream);
        }

        if (_model.Weights.Embedding.requires_grad)
        {
            Back(_model.Embed(_batch), upstream);
        }
    }

    public void Dispose()
    {
        Hidden.Dispose();
        foreach (Tensor input in _inputs ?? [])
        {
            input.Dispose();
        }
    }

    private static Tensor Again(Tensor input, Func<Tensor, Tensor> compute, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        Tensor x = input.detach().requires_grad_();
        Back(compute(x), gradient);
        return x.grad!.MoveToOuterDisposeScope();
    }

    private static void Back(Tensor output, Tensor gradient) => output.backward([gradient]);
}
