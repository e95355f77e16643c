using Platform.Encoders.Llama;
using static TorchSharp.torch;

namespace Platform.Encoders.Heads;

/// <summary>
/// A text as weights of terms: w_j = log(1 + ReLU(hidden^(-1/4) max over real tokens of logit j)). Formal et al. 2021, arXiv:2107.05720, for the
/// form; Zeng et al. 2025, arXiv:2502.15526, for the scale.
/// </summary>
/// <remarks>The logarithm rises with its argument, so the maximum comes first, and the vocabulary is walked in tiles: never [tokens, vocabulary].</remarks>
internal static class SparseHead
{
    /// <summary>Logits of one tile, at most. A tile also stays a multiple of 64 terms wide.</summary>
    private const long TileBytes = 32L << 20;

    /// <summary>hidden^(-1/4), from the contract of the released models.</summary>
    public static double LogitScale(LlamaConfig config) => Math.Pow(config.Hidden, -0.25);

    /// <summary>Term weights of a batch.</summary>
    /// <param name="hidden">[tokens, hidden]</param>
    /// <param name="head">[vocabulary, hidden]</param>
    /// <param name="batch">What the tokens are.</param>
    /// <param name="scale">What logits are multiplied with; above 0.</param>
    /// <param name="cancellationToken">Looked at once a tile.</param>
    /// <returns>[texts, vocabulary], float32, in the batch's order, none negative; the caller disposes it.</returns>
    public static Tensor Weights(Tensor hidden, Tensor head, TokenBatch batch, double scale, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        long tile = TileWidth(hidden);
        int texts = batch.Rectangles.Sum(part => part.Texts);
        Tensor maxima = empty(texts, head.shape[0], device: hidden.device);                    // [n, V] float32
        using Tensor? padding = batch.Mask?.logical_not().unsqueeze(2);                        // [n, L, 1]
        for (long first = 0; first < head.shape[0]; first += tile)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var tileScope = NewDisposeScope();
            long width = Math.Min(tile, head.shape[0] - first);
            Tensor logits = nn.functional.linear(hidden, head.narrow(0, first, width));        // [T, tile]
            int text = 0;
            foreach (TokenBatch.Rectangle part in batch.Rectangles)
            {
                Tensor block = logits.narrow(0, part.Start, part.Tokens).view(part.Texts, part.Length, width);     // [n, L, tile]
                if (padding is not null)
                {
                    block = block.masked_fill_(padding, double.NegativeInfinity);
                }

                maxima.narrow(0, text, part.Texts).narrow(1, first, width).copy_(block.amax(1));
                text += part.Texts;
            }
        }

        return maxima.mul_(scale).relu_().log1p_().MoveToOuterDisposeScope();
    }

    /// <summary>The same by the formula, with every logit at once: the oracle of tests and the naive side of measurements.</summary>
    /// <remarks>Differentiable.</remarks>
    public static Tensor WeightsAtOnce(Tensor hidden, Tensor head, TokenBatch batch, double scale)
    {
        using var scope = NewDisposeScope();
        Tensor activations = (nn.functional.linear(hidden, head).to(ScalarType.Float32) * scale).relu().log1p();           // [T, V]
        var maxima = new List<Tensor>();
        foreach (TokenBatch.Rectangle part in batch.Rectangles)
        {
            Tensor block = activations.narrow(0, part.Start, part.Tokens).view(part.Texts, part.Length, -1);               // [n, L, V]
            maxima.Add((batch.Mask is null ? block : block * batch.Mask.unsqueeze(2)).amax(1));
        }

        return cat(maxima, 0).MoveToOuterDisposeScope();
    }

    private static long TileWidth(Tensor hidden)
    {
        long tokens = Math.Max(1, hidden.shape[0]);
        return Math.Max(64, TileBytes / (tokens * hidden.element_size()) / 64 * 64);
    }
}
