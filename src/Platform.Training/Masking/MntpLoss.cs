using static TorchSharp.torch;

namespace Platform.Training.Masking;

/// <summary>Masked next-token prediction: the token at place t is read from the logits at t - 1. BehnamGhader et al. 2024, arXiv:2404.05961.</summary>
internal static class MntpLoss
{
    /// <summary>Cross-entropy, the mean over chosen places.</summary>
    /// <param name="hidden">[blocks * length, h], block by block.</param>
    /// <param name="head">[V, h]; detach it where it is frozen.</param>
    /// <param name="blocks">As many as the hidden states have; of one length.</param>
    /// <returns>A scalar, 0 where nothing was chosen; differentiable; the caller disposes it.</returns>
    public static Tensor Loss(Tensor hidden, Tensor head, IReadOnlyList<MaskedBlock> blocks)
    {
        using var scope = NewDisposeScope();
        long[] rows = [.. blocks.SelectMany((block, i) => block.Chosen.Select(place => ((long)i * block.Input.Length) + place - 1))];
        if (rows.Length == 0)
        {
            return (hidden.sum() * 0).MoveToOuterDisposeScope();
        }

        long[] targets = [.. blocks.SelectMany(block => block.Targets.Select(target => (long)target))];
        Tensor states = hidden.index_select(0, tensor(rows, device: hidden.device));                // [chosen, h]
        Tensor logits = nn.functional.linear(states, head);                                         // [chosen, V]
        return nn.functional.cross_entropy(logits, tensor(targets, device: hidden.device)).MoveToOuterDisposeScope();
    }
}
