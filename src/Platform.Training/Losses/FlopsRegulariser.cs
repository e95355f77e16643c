using static TorchSharp.torch;

namespace Platform.Training.Losses;

/// <summary>FLOPS regulariser: Σ_j (mean_i |w_ij|)². Paria et al. 2020, arXiv:2004.05665.</summary>
internal static class FlopsRegulariser
{
    /// <summary>The expected multiplications of two vectors of the batch, made smooth.</summary>
    /// <param name="weights">Term weights w, shape [batch i, vocabulary j].</param>
    /// <returns>A scalar, shape []; differentiable; the caller disposes it.</returns>
    public static Tensor Loss(Tensor weights)
    {
        using var scope = NewDisposeScope();
        Tensor meanActivation = weights.abs().mean([0]);                                            // [vocabulary]
        return meanActivation.square().sum().MoveToOuterDisposeScope();
    }
}
