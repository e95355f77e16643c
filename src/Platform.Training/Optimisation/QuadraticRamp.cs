namespace Platform.Training.Optimisation;

/// <summary>The weight of the FLOPS regulariser: λ(t/T)², then λ; t counts optimiser steps.</summary>
/// <remarks>Paria et al. 2020, arXiv:2004.05665; Formal et al. 2021, arXiv:2107.05720. METHOD 6: T is a third of all steps. The
/// reference counts micro-batches, so that its ramp ends earlier when gradients are accumulated; here it does not.</remarks>
public sealed class QuadraticRamp
{
    /// <param name="weight">λ, 0 or more.</param>
    /// <param name="rampSteps">T, in optimiser steps, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public QuadraticRamp(double weight, int rampSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        ArgumentOutOfRangeException.ThrowIfLessThan(rampSteps, 1);
        Weight = weight;
        RampSteps = rampSteps;
    }

    /// <summary>λ.</summary>
    public double Weight { get; }

    /// <summary>T, in optimiser steps.</summary>
    public int RampSteps { get; }

    /// <summary>A ramp over the first third of the steps, rounded down, at least one.</summary>
    public static QuadraticRamp OverFirstThird(double weight, int totalSteps) => new(weight, Math.Max(1, totalSteps / 3));

    /// <summary>Returns the weight after <paramref name="step"/> optimiser steps.</summary>
    public double At(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        double part = Math.Min(1, (double)step / RampSteps);
        return Weight * part * part;
    }
}
