using static TorchSharp.torch;

namespace Platform.Encoders.Llama;

/// <summary>The Llama transformer: token ids to hidden states after the final norm. Touvron et al. 2023, arXiv:2302.13971.</summary>
/// <remarks>
/// T = all tokens of a batch, h = hidden, H = query heads, G = key-value heads, d = head width, f = SwiGLU width; n texts of L tokens in a
/// rectangle. Weights are only read; several threads may compute at once. Differentiable where its weights ask for gradients.
/// </remarks>
internal sealed class LlamaModel(LlamaConfig config, LlamaWeights weights, bool causal) : IDisposable
{
    private readonly RotaryEmbedding _rope = new(config, Math.Min(config.MaxPositions, 1 << 17), weights.Type, weights.Device);

    public LlamaConfig Config => config;

    public LlamaWeights Weights => weights;

    /// <summary>Computes the hidden states of a batch.</summary>
    /// <returns>[T, h], in the weights' type; of padding too, without meaning. The caller disposes it.</returns>
    public Tensor Forward(TokenBatch batch, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        using Tensor? mask = AttentionMask(batch);
        Tensor x = Embed(batch);                                                    // [T, h]
        foreach (LlamaLayer layer in weights.Layers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            x = Through(layer, x, batch, mask);
        }

        return Finish(x).MoveToOuterDisposeScope();                                 // [T, h]
    }

    /// <summary>The state before the first layer, [T, h]; the caller's scope takes it. With <see cref="Through"/> and <see cref="Finish"/> the
    /// steps of <see cref="Forward"/>, for training that computes layers again in the backward pass.</summary>
    public Tensor Embed(TokenBatch batch) => weights.Embedding.index_select(0, batch.Ids);

    /// <summary>One layer, [T, h] to [T, h]; the caller's scope takes it.</summary>
    public Tensor Through(LlamaLayer layer, Tensor x, TokenBatch batch, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        Tensor attended = x + Attention(layer, Norm(x, layer.AttentionNorm), batch, mask);
        return (attended + FeedForward(layer, Norm(attended, layer.FeedForwardNorm))).MoveToOuterDisposeScope();
    }

    /// <summary>The final norm, [T, h] to [T, h]; the caller's scope takes it.</summary>
    public Tensor Finish(Tensor x) => Norm(x, weights.FinalNorm);

    public void Dispose()
    {
        _rope.Dispose();
        weights.Dispose();
    }

    private Tensor Attention(LlamaLayer layer, Tensor x, TokenBatch batch, Tensor? mask)
    {
        int heads = config.Heads, groups = config.KeyValueHeads, width = config.HeadDimension;
        Tensor qkv = layer.QueryKeyValue.Apply(x).view(-1, heads + (2 * groups), width);            // [T, H + 2G, d]
        Tensor turned = _rope.Turn(qkv.narrow(1, 0, heads + groups), batch.Positions);              // [T, H + G, d]
        var outputs = new List<Tensor>(batch.Rectangles.Count);
        foreach (TokenBatch.Rectangle part in batch.Rectangles)
        {
            Tensor q = HeadsOf(turned, part, 0, heads);                                             // [n, H, L, d]
            Tensor k = Repeat(HeadsOf(turned, part, heads, groups));                                // [n, H, L, d]
            Tensor v = Repeat(HeadsOf(qkv, part, heads + groups, groups));                          // [n, H, L, d]
            Tensor y = nn.functional.scaled_dot_product_attention(q, k, v, mask, is_casual: causal && mask is null);
            outputs.Add(y.transpose(1, 2).reshape(part.Tokens, heads * width));                     // [n L, H d]
        }

        return layer.Output.Apply(outputs.Count == 1 ? outputs[0] : cat(outputs, 0));               // [T, h]
    }

    private static Tensor FeedForward(LlamaLayer layer, Tensor x)
    {
        Tensor[] gateUp = layer.GateUp.Apply(x).chunk(2, 1);                                        // 2 x [T, f]
        Tensor gate = is_grad_enabled() ? gateUp[0].silu() : gateUp[0].silu_();
        return layer.Down.Apply(gate * gateUp[1]);                                                  // [T, h]
    }

    /// <summary>RMSNorm, in float32 whatever the type. Zhang and Sennrich 2019, arXiv:1910.07467.</summary>
    private Tensor Norm(Tensor x, Tensor weight)
    {
        using var scope = NewDisposeScope();
        Tensor wide = x.to(ScalarType.Float32);                                                     // [T, h]
        Tensor scale = wide.square().mean([-1], keepdim: true).add_(config.NormEpsilon).rsqrt_();   // [T, 1]
        return (wide * scale).to(x.dtype).mul(weight).MoveToOuterDisposeScope();                    // [T, h]
    }

    private static Tensor HeadsOf(Tensor x, TokenBatch.Rectangle part, int first, int count) =>
        x.narrow(0, part.Start, part.Tokens).narrow(1, first, count).view(part.Texts, part.Length, count, -1).transpose(1, 2);

    private Tensor Repeat(Tensor keyValue)                                                          // [n, G, L, d] to [n, H, L, d]
    {
        int times = config.Heads / config.KeyValueHeads;
        long[] s = keyValue.shape;
        return times == 1 ? keyValue : keyValue.unsqueeze(2).expand(s[0], s[1], times, s[2], s[3]).reshape(s[0], config.Heads, s[2], s[3]);
    }

    /// <summary>What is added to the scores of a padded batch: 0, or the type's least value where a key is padding or, if causal, later.</summary>
    /// <remarks>Without padding none is needed: each rectangle is complete, and causality is stated to the kernel.</remarks>
    private Tensor? AttentionMask(TokenBatch batch)
    {
        if (batch.Mask is null)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        long length = batch.Mask.shape[1];
        Tensor seen = batch.Mask.view(-1, 1, 1, length).expand(-1, 1, length, length);             // [n, 1, L, L]
        if (causal)
        {
            seen = seen.logical_and(ones(length, length, dtype: ScalarType.Bool, device: seen.device).tril());
        }

        double least = weights.Type == ScalarType.Float16 ? -65504 : -3.38e38;
        return zeros(seen.shape, dtype: weights.Type, device: seen.device).masked_fill_(seen.logical_not(), least).MoveToOuterDisposeScope();
    }
}
