using Platform.Encoders.Llama;
using static TorchSharp.torch;

namespace Platform.Training.Backward;

/// <summary>The sparse head with its gradient by hand: neither direction holds [tokens, vocabulary], let alone [batch, length, vocabulary].</summary>
/// <remarks>
/// T = tokens, V = vocabulary, n = texts. Forwards the vocabulary is walked in tiles with the maximum and its place kept, one 16-bit number a
/// text and term. Backwards a weight's gradient goes to the one token that gave the maximum, and only where the weight is above 0:
/// dw/dlogit = s e^-w for w = log(1 + s logit). Terms that no text of the batch activates cost nothing.
/// </remarks>
internal static class TiledSparseHead
{
    private const long TileBytes = 32L << 20;
    private const int MaxLength = short.MaxValue;

    /// <summary>The weights and where they come from. Needs no graph.</summary>
    /// <param name="hidden">[T, h], of packed texts.</param>
    /// <param name="head">[V, h]</param>
    /// <param name="batch">Without padding.</param>
    /// <param name="scale">What logits are multiplied with; above 0.</param>
    /// <returns>Weights [n, V] and places inside each text [n, V] int16, in the batch's order; the caller disposes both.</returns>
    public static (Tensor Weights, Tensor Places) Forward(Tensor hidden, Tensor head, TokenBatch batch, double scale)
    {
        CheckPacked(batch);
        using IDisposable noGrad = no_grad();
        using var scope = NewDisposeScope();
        int texts = batch.Rectangles.Sum(part => part.Texts);
        Tensor maxima = empty(texts, head.shape[0], dtype: hidden.dtype, device: hidden.device);                     // [n, V]
        Tensor places = empty(texts, head.shape[0], dtype: ScalarType.Int16, device: hidden.device);                 // [n, V]
        long tile = TileWidth(hidden);
        for (long first = 0; first < head.shape[0]; first += tile)
        {
            using var tileScope = NewDisposeScope();
            long width = Math.Min(tile, head.shape[0] - first);
            Tensor logits = nn.functional.linear(hidden, head.narrow(0, first, width));                              // [T, tile]
            int text = 0;
            foreach (TokenBatch.Rectangle part in batch.Rectangles)
            {
                (Tensor values, Tensor indexes) = logits.narrow(0, part.Start, part.Tokens).view(part.Texts, part.Length, width).max(1);
                maxima.narrow(0, text, part.Texts).narrow(1, first, width).copy_(values);
                places.narrow(0, text, part.Texts).narrow(1, first, width).copy_(indexes);
                text += part.Texts;
            }
        }

        return (maxima.mul_(scale).relu_().log1p_().MoveToOuterDisposeScope(), places.MoveToOuterDisposeScope());
    }

    /// <summary>The gradient of the hidden states, and into <paramref name="headGradient"/> that of the head.</summary>
    /// <param name="hidden">As in <see cref="Forward"/>.</param>
    /// <param name="head">As in <see cref="Forward"/>.</param>
    /// <param name="batch">As in <see cref="Forward"/>.</param>
    /// <param name="scale">As in <see cref="Forward"/>.</param>
    /// <param name="weights">What <see cref="Forward"/> gave.</param>
    /// <param name="places">What <see cref="Forward"/> gave.</param>
    /// <param name="gradient">Of the weights, [n, V].</param>
    /// <param name="headGradient">[V, h], added to; null where the head is frozen.</param>
    /// <returns>[T, h]; the caller disposes it.</returns>
    public static Tensor Backward(
        Tensor hidden, Tensor head, TokenBatch batch, double scale, Tensor weights, Tensor places, Tensor gradient, Tensor? headGradient)
    {
        CheckPacked(batch);
        using IDisposable noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor states = hidden.detach();
        Tensor ofLogits = weights.neg().exp_().mul_(scale).mul_(gradient).masked_fill_(weights.le(0), 0);            // [n, V]
        Tensor active = ofLogits.ne(0).any(0).nonzero().view(-1);                                                    // [V'] terms with a gradient
        Tensor result = zeros_like(states);                                                                          // [T, h]
        long tile = TileWidth(states);
        for (long first = 0; first < active.shape[0]; first += tile)
        {
            using var tileScope = NewDisposeScope();
            long width = Math.Min(tile, active.shape[0] - first);
            Tensor terms = active.narrow(0, first, width);                                                           // [tile]
            Tensor values = ofLogits.index_select(1, terms);                                                         // [n, tile]
            Tensor indexes = places.index_select(1, terms).to(ScalarType.Int64);                                     // [n, tile]
            Tensor spread = zeros(states.shape[0], width, dtype: states.dtype, device: states.device);               // [T, tile]
            int text = 0;
            foreach (TokenBatch.Rectangle part in batch.Rectangles)
            {
                Tensor block = spread.narrow(0, part.Start, part.Tokens).view(part.Texts, part.Length, width);       // [n, L, tile]
                block.scatter_(1, indexes.narrow(0, text, part.Texts).unsqueeze(1), values.narrow(0, text, part.Texts).unsqueeze(1));
                text += part.Texts;
            }

            result.add_(spread.matmul(head.index_select(0, terms)));                                                 // [T, h]
            headGradient?.index_add_(0, terms, spread.t().matmul(states), 1);                                        // [tile, h]
        }

        return result.MoveToOuterDisposeScope();
    }

    private static void CheckPacked(TokenBatch batch)
    {
        if (batch.Mask is not null || batch.Rectangles.Any(part => part.Length > MaxLength))
        {
            throw new ArgumentException($"The batch is padded, or a text has more than {MaxLength} tokens. Pack texts of at most so many.", nameof(batch));
        }
    }

    private static long TileWidth(Tensor hidden) => Math.Max(64, TileBytes / (Math.Max(1, hidden.shape[0]) * hidden.element_size()) / 64 * 64);
}
