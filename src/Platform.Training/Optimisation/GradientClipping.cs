using static TorchSharp.torch;

namespace Platform.Training.Optimisation;

/// <summary>Scales all gradients together so that their common norm is at most a limit. Pascanu et al. 2013, arXiv:1211.5063.</summary>
internal static class GradientClipping
{
    private const double Epsilon = 1e-6;                       // as torch.nn.utils.clip_grad_norm_

    /// <summary>Clips in place.</summary>
    /// <param name="parameters">Those without a gradient count as zero.</param>
    /// <param name="limit">The largest norm, above 0.</param>
    /// <returns>The norm before, in double precision; not finite where a gradient isn't, and then nothing is changed.</returns>
    public static double Clip(IReadOnlyList<TrainedTensor> parameters, double limit)
    {
        using IDisposable noGrad = no_grad();
        using var scope = NewDisposeScope();
        double squares = 0;
        foreach (TrainedTensor parameter in parameters)
        {
            if (parameter.Value.grad is { } gradient)
            {
                squares += gradient.to(ScalarType.Float64).square().sum().item<double>();
            }
        }

        double norm = Math.Sqrt(squares);
        if (double.IsFinite(norm) && norm > limit)
        {
            foreach (TrainedTensor parameter in parameters)
            {
                _ = parameter.Value.grad?.mul_(limit / (norm + Epsilon));
            }
        }

        return norm;
    }
}
