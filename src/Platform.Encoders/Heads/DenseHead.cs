using Platform.Encoders.Llama;
using static TorchSharp.torch;

namespace Platform.Encoders.Heads;

/// <summary>A text as one vector: the mean over its real tokens of their L2-normalised hidden states, itself not normalised.</summary>
internal static class DenseHead
{
    /// <summary>Pools a batch; differentiable.</summary>
    /// <param name="hidden">[tokens, hidden]</param>
    /// <param name="batch">What the tokens are.</param>
    /// <returns>[texts, hidden], float32, in the batch's order; the caller disposes it.</returns>
    public static Tensor Pool(Tensor hidden, TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        Tensor unit = nn.functional.normalize(hidden.to(ScalarType.Float32), p: 2, dim: 1, eps: 1e-12);        // [T, h]
        var means = new List<Tensor>(batch.Rectangles.Count);
        foreach (TokenBatch.Rectangle part in batch.Rectangles)
        {
            Tensor tokens = unit.narrow(0, part.Start, part.Tokens).view(part.Texts, part.Length, -1);          // [n, L, h]
            means.Add(batch.Mask is null
                ? tokens.mean([1])
                : (tokens * batch.Mask.unsqueeze(2)).sum(1) / batch.Mask.sum(1, keepdim: true));                // [n, h]
        }

        return cat(means, 0).MoveToOuterDisposeScope();
    }
}
