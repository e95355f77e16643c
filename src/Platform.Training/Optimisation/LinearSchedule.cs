namespace Platform.Training.Optimisation;

/// <summary>A learning rate that rises linearly from 0 to its peak, then falls linearly to 0 at the last step.</summary>
/// <remarks>As Hugging Face's get_linear_schedule_with_warmup, with which the reference trained (METHOD 6).</remarks>
public sealed class LinearSchedule
{
    /// <param name="peak">The highest rate, reached after the warm-up; above 0.</param>
    /// <param name="warmupSteps">Optimiser steps of the rise, 0 to <paramref name="totalSteps"/>.</param>
    /// <param name="totalSteps">Optimiser steps of the whole training, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public LinearSchedule(double peak, int warmupSteps, int totalSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(peak);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(warmupSteps);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(warmupSteps, totalSteps);
        Peak = peak;
        WarmupSteps = warmupSteps;
        TotalSteps = totalSteps;
    }

    /// <summary>The highest rate.</summary>
    public double Peak { get; }

    /// <summary>Optimiser steps of the rise.</summary>
    public int WarmupSteps { get; }

    /// <summary>Optimiser steps of the whole training.</summary>
    public int TotalSteps { get; }

    /// <summary>A warm-up of a part of all steps, rounded up; the reference takes 0.04.</summary>
    public static LinearSchedule WithWarmupPart(double peak, double warmupPart, int totalSteps) =>
        new(peak, (int)Math.Ceiling(warmupPart * totalSteps), totalSteps);

    /// <summary>Returns the rate of the optimiser step after <paramref name="step"/> others; 0 at and beyond the last.</summary>
    public double At(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        double part = step < WarmupSteps
            ? (double)step / WarmupSteps
            : (double)Math.Max(0, TotalSteps - step) / Math.Max(1, TotalSteps - WarmupSteps);
        return Peak * part;                                  // a part of at most 1 keeps the product at or below the peak
    }
}
