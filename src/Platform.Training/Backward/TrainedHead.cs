using Platform.Encoders.Heads;
using Platform.Encoders.Llama;
using static TorchSharp.torch;

namespace Platform.Training.Backward;

/// <summary>From hidden states to representations, and back.</summary>
internal abstract class TrainedHead
{
    /// <summary>Representations of a batch, [n, d], in the batch's order, without a graph; the caller disposes them.</summary>
    public abstract HeadOutput Encode(Tensor hidden, TokenBatch batch);

    /// <summary>The gradient of the hidden states, [T, h]; trained tensors of the head get theirs added. The caller disposes it.</summary>
    /// <param name="hidden">[T, h]</param>
    /// <param name="batch">What the tokens are.</param>
    /// <param name="output">What <see cref="Encode"/> gave for them.</param>
    /// <param name="gradient">Of the representations, [n, d], in the batch's order.</param>
    public abstract Tensor Backward(Tensor hidden, TokenBatch batch, HeadOutput output, Tensor gradient);
}

/// <summary>Representations, and what the way back needs beside them.</summary>
/// <param name="Rows">[n, d]</param>
/// <param name="Places">Where maxima were; null for a dense head.</param>
internal sealed record HeadOutput(Tensor Rows, Tensor? Places) : IDisposable
{
    public void Dispose()
    {
        Rows.Dispose();
        Places?.Dispose();
    }
}

/// <summary>Weights of terms.</summary>
/// <param name="head">[V, h]; its gradient is computed if it asks for one.</param>
/// <param name="scale">What logits are multiplied with.</param>
/// <param name="isFrozen">Whether the head gets no gradient from here even where it is the embedding that is trained.</param>
internal sealed class TrainedSparseHead(Tensor head, double scale, bool isFrozen) : TrainedHead
{
    public override HeadOutput Encode(Tensor hidden, TokenBatch batch)
    {
        (Tensor weights, Tensor places) = TiledSparseHead.Forward(hidden, head, batch, scale);
        return new HeadOutput(weights, places);
    }

    public override Tensor Backward(Tensor hidden, TokenBatch batch, HeadOutput output, Tensor gradient)
    {
        using IDisposable noGrad = no_grad();
        if (!isFrozen && head.requires_grad && head.grad is null)
        {
            head.grad = zeros_like(head).DetachFromDisposeScope();
        }

        return TiledSparseHead.Backward(hidden, head, batch, scale, output.Rows, output.Places!, gradient, isFrozen ? null : head.grad);
    }
}

/// <summary>The mean of normalised token states.</summary>
internal sealed class TrainedDenseHead : TrainedHead
{
    public override HeadOutput Encode(Tensor hidden, TokenBatch batch)
    {
        using IDisposable noGrad = no_grad();
        return new HeadOutput(DenseHead.Pool(hidden, batch), Places: null);
    }

    public override Tensor Backward(Tensor hidden, TokenBatch batch, HeadOutput output, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        Tensor states = hidden.detach().requires_grad_();
        DenseHead.Pool(states, batch).backward([gradient]);
        return states.grad!.MoveToOuterDisposeScope();
    }
}
