namespace Platform.Training.Optimisation;

/// <summary>Adjusts the regulariser's weight so that vectors come to have a wanted number of non-zeros.</summary>
/// <remarks>
/// After each step the factor is multiplied with (seen / wanted)^gain, seen being a moving mean. It acts from the end of the ramp on. Its
/// state is two numbers, kept with the checkpoint.
/// </remarks>
/// <param name="target">Wanted non-zeros a vector, above 0; null leaves the weight alone.</param>
internal sealed class SparsityController(double? target)
{
    private const double Gain = 0.02;                          // 50 steps at twice the target double the weight
    private const double Memory = 0.9;
    private const double Range = 1000;

    /// <summary>What the ramp's weight is multiplied with, 1/1000 to 1000.</summary>
    public double Factor { get; private set; } = 1;

    /// <summary>The moving mean of non-zeros; 0 before the first step.</summary>
    public double Seen { get; private set; }

    /// <summary>Goes on where another one stopped.</summary>
    public void Restore(double factor, double seen) => (Factor, Seen) = (factor, seen);

    /// <summary>Takes a step's mean non-zeros into account.</summary>
    public void Observe(double nonZeros, bool rampIsOver)
    {
        Seen = Seen == 0 ? nonZeros : (Memory * Seen) + ((1 - Memory) * nonZeros);
        if (target is { } wanted && rampIsOver && Seen > 0)
        {
            Factor = Math.Clamp(Factor * Math.Pow(Seen / wanted, Gain), 1 / Range, Range);
        }
    }
}
